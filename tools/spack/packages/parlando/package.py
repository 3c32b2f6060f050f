"""Spack package. It has not been run yet; what it names is what docs/building.md lists.

    spack repo add tools/spack
    spack dev-build parlando@main          # in a clone: builds what lies there
"""

import os

from spack.package import *


class Parlando(CMakePackage):
    """From a folder of emotional speech and song to a trained, evaluated classifier, on many nodes."""

    git = "file:///opt/parlando"  # your clone

    license("Apache-2.0")
    version("main", branch="main")

    variant("train", default=True, description="Build the trainer, which needs libtorch and MPI")
    variant("cuda", default=False, when="+train", description="Build the CUDA and NCCL backends")

    depends_on("c", type="build")
    depends_on("cxx", type="build")
    depends_on("cmake@3.22:", type="build")
    depends_on("ninja", type="build")
    depends_on("pkgconfig", type="build")
    depends_on("hdf5@1.10:~mpi")
    depends_on("tbb")
    depends_on("fmt@8.1:")
    depends_on("spdlog@1.9:")
    depends_on("nlohmann-json@3.10:")
    depends_on("cli11@2.1:")
    depends_on("yaml-cpp@0.7:")
    depends_on("libsndfile@1.0.31:")
    depends_on("soxr")
    depends_on("fftw@3.3: precision=float,double ~mpi")
    depends_on("xxhash@0.8:")
    depends_on("gnuplot@5.2: +cairo", type=("run", "test"))
    depends_on("googletest@1.11: +gmock", type="test")
    with when("+train"):
        depends_on("openmpi@4.1:")
        depends_on("py-torch@2.11: ~cuda", when="~cuda")
        depends_on("py-torch@2.11: +cuda+nccl", when="+cuda")
        depends_on("cuda@13:", when="+cuda")
        depends_on("nccl", when="+cuda")

    conflicts("%gcc@:11", msg="C++20 needs GCC 12 or later")

    generator("ninja")

    def cmake_args(self):
        args = [
            self.define_from_variant("PARLANDO_TRAIN", "train"),
            self.define_from_variant("PARLANDO_CUDA", "cuda"),
            self.define("PARLANDO_TESTS", self.run_tests),
        ]
        if self.spec.satisfies("+train"):
            # .../site-packages/torch/share/cmake, of which we want .../torch with include/ and lib/
            share_cmake = self["py-torch"].cmake_prefix_paths[0]
            args.append(self.define("PARLANDO_LIBTORCH", os.path.dirname(os.path.dirname(share_cmake))))
        if self.spec.satisfies("+cuda"):
            args.append(self.define("NCCL_ROOT", self.spec["nccl"].prefix))
        return args

    def setup_run_environment(self, env):
        env.set("PARLANDO_HOME", join_path(self.prefix, "share", "parlando"))
