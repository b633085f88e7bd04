package usage

import (
	"bytes"
	"errors"
	"strings"

	"github.com/spf13/cobra"
)

// The script of cobra for fish runs the words of the command line with eval, after fish has removed their quotes. A
// file name with $( ) or a semicolon would run as a command on the next Tab.
const (
	plainWords   = "    set -l args (commandline -opc)\n"
	escapedWords = plainWords + `    # Escape the words after the command: eval below must not run parts of a file name
    set args $args[1] (string escape -- $args[2..-1])
`
)

// escapeForFish makes the command fish below completion print a script that escapes the words of the command line.
func escapeForFish(completion *cobra.Command) {
	for _, c := range completion.Commands() {
		if c.Name() != "fish" {
			continue
		}
		c.RunE = func(cmd *cobra.Command, _ []string) error {
			plain, err := cmd.Flags().GetBool("no-descriptions")
			if err != nil {
				return err
			}
			var script bytes.Buffer
			if err := cmd.Root().GenFishCompletion(&script, !plain); err != nil {
				return err
			}
			if strings.Count(script.String(), plainWords) != 1 {
				return errors.New("the completion script for fish has another form; use another shell")
			}
			_, err = cmd.OutOrStdout().Write([]byte(strings.Replace(script.String(), plainWords, escapedWords, 1)))
			return err
		}
	}
}
