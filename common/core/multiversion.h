#pragma once

// Compiles a function for several instruction sets and picks one at program start. Sanitizers start
// too late for that choice, so they get the plain function.
#if defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__) && \
    !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
#define PARLANDO_MULTIVERSION [[gnu::target_clones("arch=x86-64-v4", "arch=x86-64-v3", "default")]]
#else
#define PARLANDO_MULTIVERSION
#endif
