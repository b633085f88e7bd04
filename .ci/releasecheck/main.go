// Releasecheck lists the missing requirements for a tag of the newest version in CHANGELOG.md. It exits with 1 if more than
// the tag is missing. Run it from the module root: go run ./.ci/releasecheck. docs/release.md explains it.
package main

import (
	"bytes"
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"regexp"
	"strings"
	"time"
)

func main() {
	var o options
	flag.StringVar(&o.tag, "tag", "", "require that this tag exists, is that of the version, and is on the checked-out commit")
	flag.BoolVar(&o.development, "development", false, "accept unreleased and uncommitted changes and a tagged version")
	notes := flag.Bool("notes", false, "print the section of the version instead, for the page of the release")
	flag.Parse()
	if err := run(os.Stdout, tree{FS: os.DirFS("."), command: command, today: time.Now()}, o, *notes); err != nil {
		fmt.Fprintf(os.Stderr, "release-check: %v\n", err)
		os.Exit(1)
	}
}

// options change the requirements.
type options struct {
	tag         string
	development bool
}

// tree contains everything that the checks read.
type tree struct {
	fs.FS
	command func(name string, args ...string) (string, error) // returns the output of a program
	today   time.Time
}

func run(out io.Writer, t tree, o options, notes bool) error {
	text, err := fs.ReadFile(t, "CHANGELOG.md")
	if err != nil {
		return err
	}
	sections, faults := readChangelog(string(text))
	current, err := newest(sections)
	if err != nil {
		return err
	}
	if notes {
		_, err := io.WriteString(out, current.notes())
		return err
	}
	faults = append(faults, checkChangelog(sections, t.today)...)
	if sections[0].version == "" && !o.development {
		faults = append(faults, "CHANGELOG.md: the unreleased changes need a heading with a version and a date")
	}
	if current.date == unreleased && !o.development {
		faults = append(faults, "CHANGELOG.md: "+current.version+" has no date; replace Unreleased by the day of the tag")
	}
	for _, c := range checks {
		found, err := c.find(t, current.version)
		if err != nil {
			return fmt.Errorf("%s: %w", c.name, err)
		}
		faults = append(faults, found...)
		if len(found) == 0 {
			fmt.Fprintf(out, "ok: %s\n", c.name)
		}
	}
	missing, err := checkGit(t, current.version, o)
	if err != nil {
		return err
	}
	return report(out, current.version, append(faults, missing.faults...), missing.tag)
}

// report prints the missing requirements, and returns an error if there are any except the tag.
func report(out io.Writer, version string, faults []string, tag string) error {
	for _, fault := range faults {
		fmt.Fprintf(out, "missing: %s\n", fault)
	}
	if len(faults) > 0 {
		return fmt.Errorf("%s can't be tagged yet", version)
	}
	fmt.Fprintln(out, tag)
	return nil
}

// colors are escape sequences: goreleaser prints them if the variable CI is set.
var colors = regexp.MustCompile("\x1b\\[[0-9;]*m")

// command runs a program and returns its output without colors.
func command(name string, args ...string) (string, error) {
	var out bytes.Buffer
	cmd := exec.CommandContext(context.Background(), name, args...)
	cmd.Stdout, cmd.Stderr = &out, &out
	err := cmd.Run()
	if exit := (*exec.ExitError)(nil); err != nil && !errors.As(err, &exit) {
		return "", err
	}
	return strings.TrimSpace(colors.ReplaceAllString(out.String(), "")), err
}
