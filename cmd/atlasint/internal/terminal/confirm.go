package terminal

import (
	"bufio"
	"fmt"
	"io"
	"strings"
)

// CanConfirm reports whether in is a terminal, so that [Confirm] can read an answer.
func CanConfirm(in io.Reader) bool { return isTerminal(in) }

// maxAnswer is how many bytes of an answer are read.
const maxAnswer = 1 << 10

// Confirm writes a question to out and reports whether the answer, a line from in, is y or yes.
func Confirm(in io.Reader, out io.Writer, question string) bool {
	fmt.Fprint(out, question+" [y/N] ")
	answer, err := bufio.NewReader(io.LimitReader(in, maxAnswer)).ReadString('\n')
	if err != nil {
		fmt.Fprintln(out)
	}
	switch strings.ToLower(strings.TrimSpace(answer)) {
	case "y", "yes":
		return true
	}
	return false
}
