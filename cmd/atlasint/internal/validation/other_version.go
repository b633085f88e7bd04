package validation

import (
	"fmt"
	"os"

	"github.com/atlasint/atlasint/cmd/atlasint/internal/workspace"
	"github.com/atlasint/atlasint/internal/atlas"
	"github.com/atlasint/atlasint/internal/redact"
	"github.com/atlasint/atlasint/internal/words"
	"github.com/atlasint/atlasint/validate"
)

// maxRetried is the number of files that [Run.OtherVersion] validates again.
const maxRetried = 100

// OtherVersion returns a note about the files with errors that are valid in the other API version, "" if there are
// none or the run has Quiet. It leaves out those whose findings name that version, large files and standard input.
func (r *Run) OtherVersion() string {
	if r.Quiet {
		return ""
	}
	s, sel := r.Settings, r.selection
	first, version, valid, retried := "", "", 0, 0
	checkers := map[string]validatorOf{}
	for i, file := range sel.Files {
		if retried == maxRetried || !mayBeOfOther(file, &r.outcomes[i]) {
			continue
		}
		retried++
		other := atlas.OtherVersion(s.APIVersionOf(sel.Config, file))
		if version != "" && version != other || !s.isValidIn(other, sel.Config, file, checkers) {
			continue
		}
		if valid++; valid == 1 {
			first, version = redact.Path(s.named(file)), other
		}
	}
	return s.otherVersionText(sel.Config, first, version, valid)
}

func (s *Settings) otherVersionText(cfg *workspace.Config, first, version string, valid int) string {
	is, them := " is", "it"
	switch {
	case valid == 0:
		return ""
	case valid > 1:
		is, them = words.AndMore(valid-1)+" are", "them"
	}
	next := "use --api " + version
	if !s.apiIsFixed {
		next += ", or write overrides with this API version into " + cfg.Target()
	}
	return fmt.Sprintf("%s%s valid in %s; to send %[4]s to %[3]s, %[5]s", first, is, version, them, next)
}

// mayBeOfOther reports whether a file has errors that may be due to the API version.
func mayBeOfOther(file string, o *outcome) bool {
	if o.Err != nil || file == workspace.Stdin || !hasErrorOfVersion(&o.Result) {
		return false
	}
	info, err := os.Stat(file)
	return err == nil && info.Size() <= atlas.MaxPayload
}

// hasErrorOfVersion reports whether a result has an error that may be due to the API version, and no listed one that
// stays in the other version or names it.
func hasErrorOfVersion(r *validate.Result) bool {
	others := r.Errors // that may be due to the version, also those that are not listed
	for _, f := range r.Findings {
		isError := f.Severity == validate.Error
		if f.Suggestion.APIVersion != "" || isError && f.Rule == duplicateRule {
			return false
		}
		if isError && f.Rule == policyRule {
			others--
		}
	}
	return others > 0
}

// isValidIn reports whether a file has no errors in an API version. It adds the validators of the version to those by
// version.
func (s *Settings) isValidIn(version string, cfg *workspace.Config, file string, byVersion map[string]validatorOf) bool {
	other := *s
	other.API, other.apiIsFixed, other.fixer = version, true, nil
	if byVersion[version] == nil {
		of, err := other.validators(cfg, false)
		if err != nil {
			return false
		}
		byVersion[version] = of
	}
	o := other.check(file, nil, byVersion[version])
	return o.Err == nil && o.Result.Errors == 0
}
