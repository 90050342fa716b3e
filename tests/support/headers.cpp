// SPDX-License-Identifier: MIT
// Nothing: the precompiled headers of the tests belong to a target, and a target wants a source.
