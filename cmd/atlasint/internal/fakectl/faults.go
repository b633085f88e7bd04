package fakectl

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/atlasint/atlasint/cmd/atlasint/internal/problem"
	"github.com/atlasint/atlasint/cmd/atlasint/internal/usage"
	"github.com/atlasint/atlasint/internal/jsonpos"
	"github.com/atlasint/atlasint/internal/readfile"
	"github.com/atlasint/atlasint/internal/redact"
	"github.com/atlasint/atlasint/internal/words"
)

// fault has the fields of a fault that are printed.
type fault struct {
	ID                          string
	Method, Path, Project, Type string
	Header                      map[string]string
	Status, Times               int
	ErrorCode                   string
	RetryAfter, Delay           string
	Drop, Truncate              bool
	Probability                 float64
	Body                        any
}

func newFaults(f *flags) *cobra.Command {
	cmd := &cobra.Command{
		Use:     "faults",
		Short:   "List, add and remove faults",
		Long:    `Prints the active faults. TIMES is how many requests will still fail.`,
		Example: `  atlasint fake faults`,
		RunE: withoutArguments(func(cmd *cobra.Command) error {
			return show(f, cmd, call{method: http.MethodGet, path: "faults", member: "faults"}, faultTable)
		}),
	}
	cmd.AddCommand(newAddFault(f), newClear(f, "faults", "fault"))
	return cmd
}

func faultTable(list struct{ Faults []fault }) string {
	if len(list.Faults) == 0 {
		return "no faults\n"
	}
	rows := [][]string{{"ID", "TIMES", "REQUESTS", "RESULT"}}
	for _, f := range list.Faults {
		times := "always"
		if f.Times > 0 {
			times = strconv.Itoa(f.Times)
		}
		rows = append(rows, []string{f.ID, times, f.requests(), f.result()})
	}
	return table(rows...)
}

// requests describes the requests that the fault matches.
func (f fault) requests() string {
	var parts []string
	for _, part := range []string{f.Method, f.Path, f.Type, f.Project} {
		if part != "" {
			parts = append(parts, part)
		}
	}
	if len(f.Header) > 0 {
		parts = append(parts, words.Quantity(len(f.Header), "header"))
	}
	if f.Probability > 0 && f.Probability < 1 {
		parts = append(parts, fmt.Sprintf("%g%%", f.Probability*100))
	}
	if len(parts) == 0 {
		return "all"
	}
	return strings.Join(parts, " ")
}

// result describes the effect on a request.
func (f fault) result() string {
	var parts []string
	if f.Delay != "" {
		parts = append(parts, "delay "+f.Delay)
	}
	if f.Status > 0 {
		parts = append(parts, strconv.Itoa(f.Status))
	}
	if f.ErrorCode != "" {
		parts = append(parts, f.ErrorCode)
	}
	if f.RetryAfter != "" {
		parts = append(parts, "retry after "+f.RetryAfter)
	}
	if f.Drop {
		parts = append(parts, "drop")
	}
	if f.Truncate {
		parts = append(parts, "truncate")
	}
	return strings.Join(parts, ", ")
}

// faultFlags are the flags of faults add, and the members of a fault that they set.
var faultFlags = map[string]string{
	"method": "method", "path": "path", "project": "project", "type": "type", "status": "status", "error-code": "errorCode",
	"retry-after": "retryAfter", "delay": "delay", "drop": "drop", "truncate": "truncate", "times": "times",
	"probability": "probability", "seed": "seed",
}

func newAddFault(f *flags) *cobra.Command {
	var file string
	cmd := &cobra.Command{
		Use:   "add",
		Short: "Make requests fail",
		Long: `Adds a fault. --method, --path, --project and --type select requests; the other flags set what happens to
them. Prints the ID of the fault. --file has a fault as JSON, as the control API documents it, for headers and
all other members.`,
		Example: `  atlasint fake faults add --status 503 --times 2
  atlasint fake faults add --method POST --error-code RATE_LIMITED_TOKEN_BUCKET --retry-after 2s
  atlasint fake faults add --file fault.json`,
		Args: exactly(0),
		RunE: func(cmd *cobra.Command, _ []string) error {
			body, err := faultBody(cmd, file)
			if err != nil {
				return err
			}
			post := call{method: http.MethodPost, path: "faults", body: body, member: "id"}
			if file == "" {
				post.flagHint = "members have the flag of their name, such as --error-code for errorCode; --file has all members"
			}
			return show(f, cmd, post, func(added fault) string {
				return "added fault " + safe(added.ID) + "\n"
			})
		},
	}
	p := cmd.Flags()
	p.StringVar(&file, "file", "", `read the fault as JSON from this file, "-" for standard input; no other flag then`)
	p.String("method", "", "only requests with this method, such as PUT")
	p.String("path", "", `only requests to this path; "*" matches any text, including slashes`)
	p.String("project", "", "only requests to this project")
	p.String("type", "", "only this integration type, such as DATADOG")
	p.Int("status", 0, "return this status, from 400 to 599")
	p.String("error-code", "", "return this error code of Atlas")
	p.Duration("retry-after", 0, "send the header Retry-After, in whole seconds")
	p.Duration("delay", 0, "wait this long before the response")
	p.Bool("drop", false, "close the connection before the change is applied")
	p.Bool("truncate", false, "close the connection in the middle of the response")
	p.Int("times", 0, "fail this many requests, then remove the fault; 0: until it is removed")
	p.Float64("probability", 0, "fail a matching request with this probability, greater than 0, 1 at most (default: always)")
	p.Uint64("seed", 0, "with the same seed, the same requests fail")
	completeTypes(cmd)
	return cmd
}

// faultBody returns the fault of the flags or of the file as JSON.
func faultBody(cmd *cobra.Command, file string) ([]byte, error) {
	members := map[string]any{}
	for flag, member := range faultFlags {
		value := cmd.Flags().Lookup(flag)
		if value.Changed {
			members[member] = memberOf(value.Value.Type(), value.Value.String())
		}
	}
	if err := checkTarget(members); err != nil {
		return nil, err
	}
	if file != "" && len(members) > 0 {
		return nil, problem.Inputf("--file has the whole fault; leave out the other flags")
	}
	if file != "" {
		return readJSON(cmd, file, "")
	}
	return json.Marshal(members)
}

// checkTarget sets the name of the type. It returns an error for a method, a project or a type that no request has.
func checkTarget(members map[string]any) error {
	method, _ := members["method"].(string)
	if err := checkMethod(method); err != nil {
		return err
	}
	if project, ok := members["project"].(string); ok {
		if err := checkProjects([]string{project}); err != nil {
			return err
		}
	}
	typ, ok := members["type"].(string)
	if !ok {
		return nil
	}
	name, err := typeNamed(typ)
	members["type"] = name
	return err
}

// memberOf returns the value of a flag in the form that the control API accepts.
func memberOf(kind, text string) any {
	switch kind {
	case "string", "duration":
		return text
	}
	return json.RawMessage(text)
}

// maxFile is the largest file in bytes: a snapshot, and the line break after it.
const maxFile = maxSnapshot + 1

// readJSON reads a file, or standard input, without a line break at its end. The server checks the contents. The next
// step for a file without JSON is next, or if that is "", how to correct it.
func readJSON(cmd *cobra.Command, file, next string) ([]byte, error) {
	if file == readfile.Stdin {
		data, err := readfile.All(cmd.InOrStdin(), maxFile)
		if err != nil {
			return nil, problem.Failuref("can't read standard input: %w", problem.Cause(err))
		}
		return bytes.TrimSuffix(data, []byte("\n")), checkJSON("standard input", data, next)
	}
	data, err := readfile.RegularOrPipe(file, maxFile)
	if err != nil {
		return nil, problem.Failuref("can't read %s: %w", redact.Path(file), problem.Cause(err))
	}
	return bytes.TrimSuffix(data, []byte("\n")), checkJSON(redact.Path(file), data, next)
}

// checkJSON returns an error for data that is not one JSON value. It names the file and the place, and shows no data.
func checkJSON(file string, data []byte, next string) error {
	if json.Valid(data) {
		return nil
	}
	if len(bytes.TrimSpace(data)) == 0 {
		return problem.Inputf("%s is empty; %s", file, cmp.Or(next, "write a JSON value into it"))
	}
	_, err := jsonpos.Parse(data)
	var broken *jsonpos.SyntaxError
	if !errors.As(err, &broken) {
		return problem.Inputf("%s is not JSON; %s", file, cmp.Or(next, "check the file"))
	}
	line, column := jsonpos.NewLines(data).Position(broken.Start)
	broken.Hint = cmp.Or(next, broken.Hint)
	return problem.Inputf("%s:%d:%d: not JSON: %w", file, line, column, broken)
}

// newClear returns the command that removes all entries of a list, or those with the given IDs.
func newClear(f *flags, path, noun string) *cobra.Command {
	return &cobra.Command{
		Use:     "clear [ID...]",
		Short:   "Remove all " + path + ", or those with the IDs",
		Example: "  atlasint fake " + path + " clear",
		RunE: func(cmd *cobra.Command, ids []string) error {
			if len(ids) == 0 {
				if err := f.change(cmd, call{method: http.MethodDelete, path: path}); err != nil {
					return err
				}
				return f.confirm(cmd, "removed all "+path)
			}
			hint := "atlasint fake " + path + usage.SetFlags(cmd) + " lists them"
			for _, id := range ids {
				if !isPlainID(id) {
					return problem.Inputf("%s is not the ID of a %s; %s", redact.Value(id), noun, hint)
				}
			}
			for _, id := range ids {
				remove := call{method: http.MethodDelete, path: path + "/" + url.PathEscape(id), missingHint: hint}
				if err := f.change(cmd, remove); err != nil {
					return err
				}
				if err := f.confirm(cmd, "removed "+noun+" "+id); err != nil {
					return err
				}
			}
			return nil
		},
	}
}

// isPlainID reports whether a text can be the last segment of a path without escaping.
func isPlainID(id string) bool {
	return id != "" && strings.Trim(id, "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ-_") == ""
}

// parseTime reads a time with its zone.
func parseTime(text string) (time.Time, error) {
	t, err := time.Parse(time.RFC3339, text)
	if err != nil {
		return t, problem.Inputf("%s %w", redact.Value(text), problem.Worded("is not a time; write it as 2026-01-02T03:04:05Z", err))
	}
	return t, nil
}
