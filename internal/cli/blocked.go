package cli

import (
	"fmt"

	"github.com/spf13/cobra"

	"github.com/atlasint/atlasint/internal/report"
	"github.com/atlasint/atlasint/validate"
)

// blocks is the rule whose errors stop their own payload only: the other payloads don't depend on the value of
// its reference. Every other error is in what the user wrote, and stops the run.
const blocks = "unresolved"

// blockedRecords returns the records of a file that have an unresolved reference; 0 is the whole file.
func blockedRecords(file report.File) map[int]bool {
	records := map[int]bool{}
	for _, finding := range file.Findings {
		if finding.Rule == blocks {
			records[finding.Payload] = true
		}
	}
	return records
}

// onlyBlocks reports whether every error is an unresolved reference, and at least one payload has none. Findings
// past --max-findings are unknown and count as other errors.
func onlyBlocks(r *report.Report) bool {
	errors, sendable := 0, 0
	for _, file := range r.Files {
		for _, finding := range file.Findings {
			if finding.Rule == blocks && finding.Severity == validate.Error {
				errors++
			}
		}
		blocked := blockedRecords(file)
		for _, d := range file.Documents {
			if !blocked[d.Payload] {
				sendable++
			}
		}
	}
	return len(r.Failures) == 0 && errors == r.Summary.Errors && sendable > 0
}

// endBlocked ends a command whose other work ended with err: payloads that could not be sent are an error.
func endBlocked(cmd *cobra.Command, n stepCounts, err error) error {
	var text string
	switch n.Blocked {
	case 0:
		return err
	case 1:
		text = "1 payload was skipped: it has an unresolved reference; set what the reference names, and run the command again"
	default:
		text = fmt.Sprintf("%d payloads were skipped: they have unresolved references; set what the references name, and run the command again", n.Blocked)
	}
	if err == nil {
		return &exitError{exitFindings, text}
	}
	complain(cmd.ErrOrStderr(), text)
	return err
}
