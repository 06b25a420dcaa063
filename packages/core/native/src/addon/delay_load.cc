// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
// Windows only. Imports name the library they come from, and the addon's name node.exe: whatever program loads the
// addon stands for it.
#include <windows.h>
// After windows.h.
#include <delayimp.h>

#include <cstring>

namespace {

FARPROC WINAPI standIn(unsigned event, PDelayLoadInfo info) {
  if (event != dliNotePreLoadLibrary || _stricmp(info->szDll, "node.exe") != 0) return nullptr;
  return reinterpret_cast<FARPROC>(GetModuleHandleW(nullptr));
}

}  // namespace

// Declared by delayimp.h, const or not as the version of the header has it.
decltype(__pfnDliNotifyHook2) __pfnDliNotifyHook2 = standIn;
