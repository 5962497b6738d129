// Catch2 by the name that its major has for it.
#pragma once

#if CATCH_MAJOR == 2
#include <catch2/catch.hpp>
#else
#include <catch2/catch_all.hpp>
#endif
