"""tools/fetch_ravdess.sh against a server on the loopback interface."""

import hashlib
import http.server
import io
import os
import pathlib
import socket
import subprocess
import tempfile
import threading
import unittest
import zipfile

SCRIPT = pathlib.Path(os.environ["PARLANDO_SOURCE"]) / "tools" / "fetch_ravdess.sh"
NAME = "Audio_Speech_Actors_01-24.zip"
CLIP = "Actor_01/03-01-01-01-01-01-01.wav"


def make_archive():
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as archive:
        archive.writestr(CLIP, bytes(i * 7 % 251 for i in range(300_000)))
    return buffer.getvalue()


class Handler(http.server.BaseHTTPRequestHandler):
    """Serves one file with Range; `cut_after` ends a connection early, once."""

    def do_GET(self):
        server = self.server
        if self.path.split("?")[0] != "/files/" + NAME:
            self.send_error(404)
            return
        start = 0
        wanted = self.headers.get("Range")
        server.ranges.append(wanted)
        if wanted and wanted == f"bytes={len(server.body)}-":
            self.send_error(416)
            return
        if wanted and server.supports_range:
            start = int(wanted.removeprefix("bytes=").split("-")[0])
            self.send_response(206)
            last = len(server.body) - 1
            self.send_header("Content-Range", f"bytes {start}-{last}/{len(server.body)}")
        else:
            self.send_response(200)
        body = server.body[start:]
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if server.cut_after is not None:
            body = body[: server.cut_after]
            server.cut_after = None
        self.wfile.write(body)

    def log_message(self, *args):
        pass


class FetchRavdess(unittest.TestCase):
    def setUp(self):
        scratch = tempfile.TemporaryDirectory()
        self.addCleanup(scratch.cleanup)
        self.root = pathlib.Path(scratch.name)
        self.folder = self.root / "corpus"
        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.body = make_archive()
        self.server.ranges = []
        self.server.cut_after = None
        self.server.supports_range = True
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        self.addCleanup(self.server.server_close)
        self.addCleanup(self.server.shutdown)
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}/files"
        self.checksums = self.root / "MD5SUMS"
        self.expect(hashlib.md5(self.server.body).hexdigest())

    def expect(self, md5):
        self.checksums.write_text(f"{md5}  {NAME}\n")

    def fetch(self, url=None):
        environment = dict(
            os.environ,
            PARLANDO_RAVDESS_URL=url or self.url,
            PARLANDO_RAVDESS_MD5=str(self.checksums),
            no_proxy="*",
        )
        return subprocess.run(
            [SCRIPT, self.folder], env=environment, capture_output=True, text=True, timeout=60
        )

    def clip(self):
        return self.folder / NAME.removesuffix(".zip") / CLIP

    def assert_complete(self):
        self.assertEqual(self.clip().stat().st_size, 300_000)
        self.assertEqual([p.name for p in self.folder.iterdir()], [NAME.removesuffix(".zip")])

    def test_downloads_checks_and_unpacks(self):
        result = self.fetch()
        self.assertEqual(result.returncode, 0, result.stderr)
        self.assert_complete()

    def test_does_nothing_when_the_corpus_is_there(self):
        self.assertEqual(self.fetch().returncode, 0)
        requests = len(self.server.ranges)
        self.assertEqual(self.fetch().returncode, 0)
        self.assertEqual(len(self.server.ranges), requests)

    def test_continues_after_a_cut(self):
        self.server.cut_after = 100_000
        first = self.fetch()
        self.assertEqual(first.returncode, 5, first.stderr)
        self.assertIn("run the same command to continue", first.stderr)
        second = self.fetch()
        self.assertEqual(second.returncode, 0, second.stderr)
        self.assertEqual(self.server.ranges[-1], "bytes=100000-")
        self.assert_complete()

    def test_starts_over_where_the_server_cannot_continue(self):
        self.server.supports_range = False
        self.server.cut_after = 100_000
        self.assertEqual(self.fetch().returncode, 5)
        second = self.fetch()
        self.assertEqual(second.returncode, 0, second.stderr)
        self.assert_complete()

    def test_a_complete_download_that_was_not_yet_checked_is_not_fetched_again(self):
        self.folder.mkdir()
        (self.folder / (NAME + ".part")).write_bytes(self.server.body)
        self.assertEqual(self.fetch().returncode, 0)
        self.assertEqual(self.server.ranges, [])
        self.assert_complete()

    def test_sets_a_file_with_a_wrong_checksum_aside(self):
        self.expect("0" * 32)
        result = self.fetch()
        self.assertEqual(result.returncode, 3, result.stderr)
        self.assertIn("wrong checksum", result.stderr)
        self.assertIn(NAME + ".bad", result.stderr)
        self.assertEqual([p.name for p in self.folder.iterdir()], [NAME + ".bad"])

    def test_a_damaged_download_of_full_length_does_not_block_the_way(self):
        self.folder.mkdir()
        (self.folder / (NAME + ".part")).write_bytes(bytes(len(self.server.body)))
        self.assertEqual(self.fetch().returncode, 3)
        self.assertEqual(self.fetch().returncode, 0)
        self.assertTrue(self.clip().exists())

    def test_has_its_own_exit_code_without_a_network(self):
        with socket.socket() as unused:
            unused.bind(("127.0.0.1", 0))
            result = self.fetch(f"http://127.0.0.1:{unused.getsockname()[1]}/files")
        self.assertEqual(result.returncode, 4, result.stderr)
        self.assertIn("can't get", result.stderr)

    def test_has_the_same_exit_code_where_the_server_lacks_the_file(self):
        result = self.fetch(self.url + "/elsewhere")
        self.assertEqual(result.returncode, 4, result.stderr)

    def test_unpacks_again_after_an_interrupted_unpacking(self):
        half = self.folder / (NAME.removesuffix(".zip") + ".unpacking")
        half.mkdir(parents=True)
        (half / "half").write_text("x")
        self.assertEqual(self.fetch().returncode, 0)
        self.assert_complete()

    def test_wrong_usage(self):
        result = subprocess.run([SCRIPT], capture_output=True, text=True)
        self.assertEqual(result.returncode, 2)
        self.assertIn("fetch_ravdess.sh FOLDER", result.stderr)


if __name__ == "__main__":
    unittest.main()
