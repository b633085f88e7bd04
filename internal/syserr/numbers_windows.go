package syserr

import (
	"errors"
	"io/fs"
	"strings"
	"syscall"
)

// The causes: numbers of winerror.h, and those that package syscall invents for Windows.
var (
	AddressInUse = Cause{10048, syscall.EADDRINUSE}                              // WSAEADDRINUSE
	NoAccess     = Cause{5, 10013, syscall.EACCES, syscall.EPERM}                // ERROR_ACCESS_DENIED, WSAEACCES
	Refused      = Cause{10061, syscall.ECONNREFUSED}                            // WSAECONNREFUSED
	Reset        = Cause{10053, 10054, syscall.ECONNABORTED, syscall.ECONNRESET} // WSAECONNABORTED, WSAECONNRESET
	// WSAENETDOWN, WSAENETUNREACH, WSAEHOSTDOWN, WSAEHOSTUNREACH
	Unreachable = Cause{10050, 10051, 10064, 10065, syscall.ENETDOWN, syscall.ENETUNREACH, syscall.EHOSTDOWN, syscall.EHOSTUNREACH}
	NoHandles   = Cause{4, 10024, syscall.EMFILE, syscall.ENFILE} // ERROR_TOO_MANY_OPEN_FILES, WSAEMFILE
	NoLocalPort = Cause{10049, 10055, syscall.EADDRNOTAVAIL}      // WSAEADDRNOTAVAIL, WSAENOBUFS
	NoSpace     = Cause{39, 112, syscall.ENOSPC}                  // ERROR_HANDLE_DISK_FULL, ERROR_DISK_FULL
	ReadOnly    = Cause{19, syscall.EROFS}                        // ERROR_WRITE_PROTECT
	LinkLoop    = Cause{1921, syscall.ELOOP}                      // ERROR_CANT_RESOLVE_FILENAME
	ClosedPipe  = Cause{109, 232, syscall.EPIPE}                  // ERROR_BROKEN_PIPE, ERROR_NO_DATA
)

func text(number syscall.Errno) string {
	switch {
	case NoSpace.Is(number):
		return "no space left on device"
	case ReadOnly.Is(number):
		return "read-only file system"
	case NoAccess.Is(number):
		return "permission denied"
	case Refused.Is(number):
		return "connection refused"
	case Reset.Is(number):
		return "connection reset by peer"
	case errors.Is(number, fs.ErrNotExist):
		return "no such file or directory"
	}
	return strings.TrimSuffix(number.Error(), ".") // a sentence
}
