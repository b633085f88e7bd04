//go:build !windows

package syserr

import "syscall"

// The causes.
var (
	AddressInUse = Cause{syscall.EADDRINUSE}
	NoAccess     = Cause{syscall.EACCES}
	Refused      = Cause{syscall.ECONNREFUSED}
	Reset        = Cause{syscall.ECONNRESET, syscall.ECONNABORTED}
	Unreachable  = Cause{syscall.ENETDOWN, syscall.ENETUNREACH, syscall.EHOSTDOWN, syscall.EHOSTUNREACH}
	NoHandles    = Cause{syscall.EMFILE, syscall.ENFILE}
	NoLocalPort  = Cause{syscall.EADDRNOTAVAIL}
	NoSpace      = Cause{syscall.ENOSPC}
	ReadOnly     = Cause{syscall.EROFS}
	LinkLoop     = Cause{syscall.ELOOP}
	ClosedPipe   = Cause{syscall.EPIPE}
)

func text(number syscall.Errno) string { return number.Error() }
