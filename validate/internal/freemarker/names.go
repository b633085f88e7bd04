package freemarker

import (
	"strings"
	"sync"
	"unicode"
)

// The names of FreeMarker 2.3.31 with underscores. camelCase derives the other spelling.
const (
	builtInNames = `
	abs absolute_template_name ancestors api boolean byte c cap_first capitalize ceiling children chop_linebreak
	chunk contains counter date date_if_unknown datetime datetime_if_unknown default double drop_while ends_with
	ensure_ends_with ensure_starts_with esc eval eval_json exists filter first float floor groups has_api
	has_content has_next html if_exists index index_of int interpret is_boolean is_collection is_collection_ex
	is_date is_date_like is_date_only is_datetime is_directive is_enumerable is_even_item is_first is_hash
	is_hash_ex is_indexable is_infinite is_last is_macro is_markup_output is_method is_nan is_node is_number
	is_odd_item is_sequence is_string is_time is_transform is_unknown_date_like iso iso_h iso_h_nz iso_local
	iso_local_h iso_local_h_nz iso_local_m iso_local_m_nz iso_local_ms iso_local_ms_nz iso_local_nz iso_m iso_m_nz
	iso_ms iso_ms_nz iso_nz iso_utc iso_utc_fz iso_utc_h iso_utc_h_nz iso_utc_m iso_utc_m_nz iso_utc_ms
	iso_utc_ms_nz iso_utc_nz item_cycle item_parity item_parity_cap j_string join js_string json_string keep_after
	keep_after_last keep_before keep_before_last keys last last_index_of left_pad length long lower_abc lower_case
	map markup_string matches max min namespace new next_sibling no_esc node_name node_namespace node_type number
	number_to_date number_to_datetime number_to_time parent previous_sibling remove_beginning remove_ending
	replace reverse right_pad root round rtf seq_contains seq_index_of seq_last_index_of sequence short size sort
	sort_by split starts_with string substring switch take_while then time time_if_unknown trim truncate
	truncate_c truncate_c_m truncate_m truncate_w truncate_w_m uncap_first upper_abc upper_case url url_path
	values web_safe with_args with_args_last word_list xhtml xml
`
	specialVariableNames = `
	args auto_esc caller_template_name current_node current_template_name data_model error get_optional_template
	globals incompatible_improvements lang locale locale_object locals main main_template_name namespace node now
	output_encoding output_format pass template_name time_zone url_escaping_charset vars version
`
	settingNames = `
	boolean_format classic_compatible date_format datetime_format locale number_format output_encoding
	sql_date_and_time_time_zone time_format time_zone url_escaping_charset
`
)

// Each map leads from both spellings of a name to the one with underscores. They are built on first use: most
// programs that link the package parse no template.
var (
	builtIns         = sync.OnceValue(func() map[string]string { return spellings(builtInNames) })
	specialVariables = sync.OnceValue(func() map[string]string { return spellings(specialVariableNames) })
	settings         = sync.OnceValue(func() map[string]string { return spellings(settingNames) })
)

// Built-ins with rules of their own, by the spelling with underscores.
var (
	loopBuiltIns   = set("counter has_next index is_even_item is_first is_last is_odd_item item_cycle item_parity item_parity_cap")
	escapeBuiltIns = set("html rtf web_safe xhtml xml")
	markupBuiltIns = set("esc no_esc")
	lambdaBuiltIns = set("drop_while filter map take_while")
)

func spellings(names string) map[string]string {
	m := map[string]string{}
	for _, name := range strings.Fields(names) {
		m[name], m[camelCase(name)] = name, name
	}
	return m
}

func set(names string) map[string]bool {
	m := map[string]bool{}
	for _, name := range strings.Fields(names) {
		m[name] = true
	}
	return m
}

func camelCase(name string) string {
	words := strings.Split(name, "_")
	for i, word := range words[1:] {
		if word == "nz" || word == "fz" {
			words[i+1] = strings.ToUpper(word)
		} else {
			words[i+1] = strings.ToUpper(word[:1]) + word[1:]
		}
	}
	return strings.Join(words, "")
}

// naming is the convention that a template must keep: FreeMarker rejects a template that mixes both.
type naming uint8

const (
	namingOpen naming = iota // either: the name has no place where the two differ
	namingUnderscore
	namingCamel
)

func namingOf(name string) naming {
	for _, c := range name {
		switch {
		case c == '_':
			return namingUnderscore
		case c < unicode.MaxASCII && unicode.IsUpper(c):
			return namingCamel
		}
	}
	return namingOpen
}
