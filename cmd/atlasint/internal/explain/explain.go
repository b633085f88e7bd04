// Package explain describes integration types, rules of validate, and error codes of Atlas.
package explain

import (
	"fmt"
	"path"
	"slices"
	"strings"
	"text/tabwriter"

	"github.com/atlasint/atlasint/cmd/atlasint/internal/validation"
	"github.com/atlasint/atlasint/gen/schemas"
	"github.com/atlasint/atlasint/internal/atlas"
	"github.com/atlasint/atlasint/internal/redact"
	"github.com/atlasint/atlasint/validate"
)

// Names returns the names of all types, rules and error codes, sorted.
func Names() []string {
	var names []string
	for _, t := range schemas.Types {
		names = append(names, t.Name)
	}
	for _, r := range validate.Rules() {
		names = append(names, r.ID)
	}
	for _, e := range schemas.ErrorCodes {
		names = append(names, e.Code)
	}
	slices.Sort(names)
	return slices.Compact(names)
}

// Find returns the meaning of a name, as a value for JSON and as text; nil if the name is unknown. Case is ignored.
func Find(name string) (subject any, text string) {
	if types := typesNamed(name); len(types) > 0 {
		return types, typeText(types)
	}
	if types, text := ofField(name); types != nil {
		return types, text
	}
	for _, r := range validate.Rules() {
		if strings.EqualFold(r.ID, name) {
			return r, ruleText(r)
		}
	}
	for _, e := range schemas.ErrorCodes {
		if strings.EqualFold(e.Code, name) {
			return e, errorText(e)
		}
	}
	for _, r := range schemas.RejectedTypes {
		if like, _ := path.Match(r.Name, strings.ToUpper(name)); like {
			return r, fmt.Sprintf("type %s can't be sent; %s\n", redact.Value(strings.ToUpper(name)), r.Text)
		}
	}
	return nil, ""
}

// typesNamed returns a type in each API version that has it, the default first.
func typesNamed(name string) []schemas.Type {
	var types []schemas.Type
	name = atlas.TypeName(name)
	for _, api := range atlas.Versions() {
		for _, t := range schemas.Types {
			if t.APIVersion == api && t.Name == name {
				types = append(types, t)
			}
		}
	}
	return types
}

func typeText(types []schemas.Type) string {
	t := types[0]
	var out strings.Builder
	fmt.Fprintf(&out, "%s: %s (%s)\n%s\n\n", t.Name, t.Title, t.APIVersion, t.Description)
	fieldTable(&out, t.Fields)
	notes(&out, t)
	for _, other := range types[1:] {
		fmt.Fprintf(&out, "\nDifferences in %s:\n%s", other.APIVersion, differences(t, other))
	}
	return out.String()
}

func fieldTable(out *strings.Builder, fields []schemas.Field) {
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "FIELD\tREQUIRED\tVALUES\tDEFAULT\tSECRET\tSINCE\tDESCRIPTION")
	for _, f := range fields {
		fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\t%s\t%s\n", f.Name, yes(f.Required), valuesText(f),
			orDash(f.Default), secretText(f.Secret), orDash(f.Since), f.Title)
	}
	w.Flush()
}

func yes(b bool) string {
	if b {
		return "yes"
	}
	return "-"
}

func orDash(s string) string {
	if s == "" {
		return "-"
	}
	return s
}

// valuesText describes the values of a field.
func valuesText(f schemas.Field) string {
	text := f.Kind
	switch {
	case f.ReadOnly:
		return "in responses only"
	case f.Const != "":
		text = f.Const
	case f.Enum != nil:
		text = strings.Join(f.Enum, " ")
	case f.MaxLength > 0:
		text = fmt.Sprintf("%d to %d characters", f.MinLength, f.MaxLength)
	case f.Pattern != "":
		text = f.Pattern
	case f.Format == "uri":
		text = "http or https URL"
	case f.TemplateBytes > 0:
		text = fmt.Sprintf("template of at most %d bytes", f.TemplateBytes)
	}
	if f.Nullable {
		text += " or null"
	}
	return text
}

func secretText(mask string) string {
	switch mask {
	case schemas.MaskLast4:
		return "shown as ****1234"
	case schemas.MaskOrigin:
		return "shown as https://host/****1234"
	case schemas.MaskOmitted:
		return "never shown"
	}
	return "-"
}

func notes(out *strings.Builder, t schemas.Type) {
	for _, r := range t.Removed {
		fmt.Fprintf(out, "\nRemoved on %s: %s", r.Since, r.Name)
		if r.Use != "" {
			fmt.Fprintf(out, "; use %s", r.Use)
		}
	}
	if len(t.Removed) > 0 {
		out.WriteString("\n")
	}
	for _, c := range t.Caveats {
		fmt.Fprintf(out, "\nNote: %s [%s]\n", c.Text, c.Value)
	}
}

// differences lists the differences of a type in another API version.
func differences(t, other schemas.Type) string {
	var lines []string
	others := map[string]schemas.Field{}
	for _, f := range other.Fields {
		others[f.Name] = f
	}
	for _, f := range t.Fields {
		o, ok := others[f.Name]
		delete(others, f.Name)
		if !ok {
			lines = append(lines, f.Name+": does not exist")
			continue
		}
		if o.Required != f.Required {
			lines = append(lines, f.Name+": "+map[bool]string{true: "required", false: "optional"}[o.Required])
		}
		if valuesText(o) != valuesText(f) {
			lines = append(lines, f.Name+": "+valuesText(o))
		}
		if o.Default != f.Default {
			lines = append(lines, f.Name+": default "+orDash(o.Default))
		}
	}
	for _, f := range other.Fields {
		if _, left := others[f.Name]; left {
			lines = append(lines, f.Name+": there only ("+valuesText(f)+")")
		}
	}
	if len(lines) == 0 {
		return "  none\n"
	}
	return "  " + strings.Join(lines, "\n  ") + "\n"
}

func ruleText(r validate.Rule) string {
	severity := string(r.Default)
	switch {
	case r.FixedSeverity:
		severity += ", always"
	case r.Default == validate.Off:
		severity = "off by default; turn it on with --rule " + r.ID + "=error"
	}
	text := fmt.Sprintf("%s (%s)\n%s.\n\nWhy: %s.\n\n", r.ID, severity, capitalize(r.Summary), r.Evidence)
	if flags := validation.RuleFlags(r.ID); flags != "" {
		text += "Option: " + flags + ".\n\n"
	}
	text += "Fails:  " + r.Fails + "\n"
	for _, f := range findingsOf(r) {
		text += "        " + f + "\n"
	}
	return text + "Passes: " + r.Passes + "\n"
}

// findingsOf returns the findings of the example that fails a rule.
func findingsOf(r validate.Rule) []string {
	if !strings.HasPrefix(r.Fails, "{") && !strings.HasPrefix(r.Fails, "[") {
		return nil
	}
	severity := r.Default
	if severity == validate.Off {
		severity = validate.Error
	}
	v, err := validate.New(validate.Options{Severities: map[string]validate.Severity{r.ID: severity}})
	if err != nil {
		return nil
	}
	var lines []string
	for _, f := range validation.WithFlags(validate.Result{Findings: v.Check("example.json", []byte(r.Fails))}).Findings {
		if f.Rule == r.ID {
			lines = append(lines, f.String())
		}
	}
	return lines
}

// capitalize returns s with an upper-case first letter.
func capitalize(s string) string { return strings.ToUpper(s[:1]) + s[1:] }

func errorText(e schemas.ErrorCode) string {
	parameters := ""
	if len(e.Parameters) > 0 {
		parameters = "\nParameters: " + strings.Join(e.Parameters, ", ")
	}
	fix := e.Fix
	if e.FixDelete != "" {
		fix += "\n       After DELETE: " + e.FixDelete
	}
	return fmt.Sprintf("%s (HTTP %d)\n%s%s\n\nCause: %s\nFix:   %s\n\nEvidence: %s\n", e.Code, e.Status, e.Detail, parameters,
		e.Cause, fix, e.Evidence)
}
