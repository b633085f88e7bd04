package terminal

import (
	"bufio"
	"fmt"
	"io"
	"strings"
)

// CanConfirm reports whether in is a terminal, so that [Confirm] can read a reply.
func CanConfirm(in io.Reader) bool { return isTerminal(in) }

// maxReply is how many bytes of a reply are read.
const maxReply = 1 << 10

// Confirm writes a question to out and reports whether the reply, a line from in, is y or yes.
func Confirm(in io.Reader, out io.Writer, question string) bool {
	fmt.Fprint(out, question+" [y/N] ")
	reply, err := bufio.NewReader(io.LimitReader(in, maxReply)).ReadString('\n')
	if err != nil {
		fmt.Fprintln(out)
	}
	switch strings.ToLower(strings.TrimSpace(reply)) {
	case "y", "yes":
		return true
	}
	return false
}
