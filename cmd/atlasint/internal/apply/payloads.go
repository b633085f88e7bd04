package apply

import (
	"slices"

	"github.com/atlasint/atlasint/client"
	"github.com/atlasint/atlasint/cmd/atlasint/internal/validation"
	"github.com/atlasint/atlasint/gen/schemas"
	"github.com/atlasint/atlasint/validate"
)

// payloadsOf returns the payloads of a file from its validation result, which must come from a validator with
// Documents in its [validate.Options] and have no errors except those that [onlyBlocked] allows.
func payloadsOf(file string, r validate.Result) (list []Local, err error) {
	blocked := blockedRecords(r)
	for _, d := range r.Documents {
		l := Local{
			Type: d.Type, Blocked: blocked[d.Record], APIVersion: d.APIVersion,
			File: file, Number: d.Record, Expanded: d.Expanded, Document: &d,
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

// onlyBlocked reports whether every error is an unresolved reference, or none for a payload that updates an existing
// integration. Errors past the limit of findings are unknown and count as other errors.
func onlyBlocked(results []validate.Result) bool {
	others := 0
	for _, r := range results {
		others += r.Errors
		for _, finding := range r.Findings {
			if finding.Severity == validate.Error && (finding.Rule == validation.UnresolvedRule || !failsUpdates(finding)) {
				others--
			}
		}
	}
	return others == 0
}

// failsUpdates reports whether a finding is an error for an update too.
func failsUpdates(f validate.Finding) bool {
	f, found := f.ForUpdate()
	return found && f.Severity == validate.Error
}

// forUpdates returns a validation result with the findings for updates, for the payloads whose integration exists. It
// reports whether the result has errors other than unresolved references.
func forUpdates(r validate.Result, remote []Remote) (updated validate.Result, invalid bool) {
	exists := map[key]bool{}
	for i := range remote {
		exists[key{remote[i].APIVersion, remote[i].Type}] = true
	}
	updated = r.ForUpdates(func(d validate.Document) bool { return exists[key{d.APIVersion, d.Type}] })
	return updated, slices.ContainsFunc(updated.Findings, func(f validate.Finding) bool {
		return f.Severity == validate.Error && f.Rule != validation.UnresolvedRule
	})
}

// blockedRecords returns the records that have an unresolved reference; 0 is the whole file.
func blockedRecords(r validate.Result) map[int]bool {
	records := map[int]bool{}
	for _, finding := range r.Findings {
		if finding.Rule == validation.UnresolvedRule {
			records[finding.Record] = true
		}
	}
	return records
}

// blockedSteps returns the steps for the payloads that can't be sent, without those for other payloads.
func blockedSteps(payloads []Local) []Step {
	return Steps(slices.DeleteFunc(slices.Clone(payloads), func(l Local) bool { return !l.Blocked }), nil, Options{})
}

// apiVersionsOf returns the API versions to list integrations from: those of the payloads that can be sent, those of
// all payloads if none can, or the fallback if there are no payloads. v2 comes first: if both versions list a type,
// its response counts.
func apiVersionsOf(payloads []Local, fallback string) []string {
	var used, blocked []string
	for _, l := range payloads {
		if l.Blocked {
			blocked = append(blocked, l.APIVersion)
		} else {
			used = append(used, l.APIVersion)
		}
	}
	if len(used) == 0 {
		used = blocked
	}
	if len(used) == 0 {
		used = append(used, fallback)
	}
	return slices.DeleteFunc([]string{schemas.V2, schemas.V1}, func(g string) bool { return !slices.Contains(used, g) })
}
