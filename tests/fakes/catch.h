// The header of Catch2, whose name depends on its major version.
#pragma once

#if CATCH_MAJOR == 2
#include <catch2/catch.hpp>
#else
#include <catch2/catch_all.hpp>
#endif
