package apply

import (
	"slices"

	"github.com/atlasint/atlasint/client"
	"github.com/atlasint/atlasint/gen/schemas"
	"github.com/atlasint/atlasint/validate"
)

// blocks is the rule whose errors stop their own payload only: the other payloads don't depend on the value of
// its reference. Every other error is in what the user wrote, and stops the run.
const blocks = "unresolved"

// Payloads returns the payloads of a file from its validation result, which must come from a validator with
// [validate.WithDocuments] and have no errors except those that [OnlyBlocked] allows.
func Payloads(file string, r validate.Result) (list []Local, err error) {
	blocked := blockedRecords(r)
	for _, d := range r.Documents {
		l := Local{
			Type: d.Type, Blocked: blocked[d.Payload], Generation: d.Generation,
			File: file, Number: d.Payload, Expanded: d.Expanded, Document: &d,
		}
		if !l.Blocked {
			if l.Payload, err = client.NewPayload(d.JSON); err != nil {
				return nil, err
			}
		}
		list = append(list, l)
	}
	return list, nil
}

// OnlyBlocked reports whether every error is an unresolved reference, and at least one payload has none. Errors past
// the limit of findings are unknown and count as other errors.
func OnlyBlocked(results []validate.Result) bool {
	others, sendable := 0, 0
	for _, r := range results {
		others += r.Errors
		for _, finding := range r.Findings {
			if finding.Rule == blocks && finding.Severity == validate.Error {
				others--
			}
		}
		blocked := blockedRecords(r)
		for _, d := range r.Documents {
			if !blocked[d.Payload] {
				sendable++
			}
		}
	}
	return others == 0 && sendable > 0
}

// blockedRecords returns the records that have an unresolved reference; 0 is the whole file.
func blockedRecords(r validate.Result) map[int]bool {
	records := map[int]bool{}
	for _, finding := range r.Findings {
		if finding.Rule == blocks {
			records[finding.Payload] = true
		}
	}
	return records
}

// APIVersions returns the API versions to list integrations from: those of the payloads that can be sent, or the
// fallback if there are none. v2 comes first: if both versions list a type, its answer counts.
func APIVersions(payloads []Local, fallback string) []string {
	var used []string
	for _, l := range payloads {
		if !l.Blocked {
			used = append(used, l.Generation)
		}
	}
	if len(used) == 0 {
		used = append(used, fallback)
	}
	return slices.DeleteFunc([]string{schemas.V2, schemas.V1}, func(g string) bool { return !slices.Contains(used, g) })
}
