package archtest

import (
	"regexp"
	"sync"
)

// phrase is a pattern of mannered or ambiguous English, and the plain words to use instead.
type phrase struct {
	pattern *regexp.Regexp
	instead string
}

// phrases returns the patterns that texts for people avoid: privateWords, and those of morePhrases.
var phrases = sync.OnceValue(func() (list []phrase) {
	for _, w := range compiledWords() {
		if w.Scope != inNames {
			list = append(list, phrase{w.inText, w.Use})
		}
	}
	return append(list, morePhrases...)
})

// morePhrases are patterns that a text may contain now and then. They match whole words, in any case.
var morePhrases = []phrase{
	// Verbs that don't name the action.
	plain(`say|says|said|saying`, "state, contain, set, name"),
	plain(`(take|takes|taken|took|taking) \w+ for`, "treat as, count as"),
	plain(`(come|comes|came|coming) (to|of|round)`, "result in, reach"),
	plain(`lets? (in|through|everybody)`, "accept, allow"),
	plain(`(hang|hangs|hung) up`, "disconnect"),
	plain(`(lay|lays|laid|lies|lie)`, "put, be in"),
	plain(`mend|mends|mended`, "fix"),
	plain(`harms?`, "be safe to"),
	plain(`settles?`, "set, decide"),
	plain(`leads? (to|nowhere|here|out|back|in)`, "link to, resolve to, point outside"),
	plain(`has to hand|in hand|under way`, "in progress, current"),
	plain(`(ask|asks|asked|asking) for`, "require, request"),
	plain(`(goes|going|gone) (to|into|with|together|on)|(go|goes) together`, "send to, require"),
	plain(`knows|knew|(not|n't|we|they) know`, "support, have"),
	plain(`takes? (no more|no writes|what|it|them|all|none|any)|(to|must) take it`, "accept, read"),
	plain(`demand|demands|demanded`, "require"),
	plain(`names (no|nothing)|meets? nothing|belongs? to no`, "have no, match nothing"),
	plain(`wants`, "require"),
	plain(`made (by|for|from|again)|makes? again`, "generate, create, create again"),
	plain(`calls?( that is| are)? upon|called upon`, "use"),
	plain(`does its work|do its work|could not do`, "fail"),
	plain(`struck|strikes?`, "trigger, apply"),
	plain(`broke off|breaks off|went away|gone`, "was interrupted, closed the connection, no longer exists"),
	// Free relatives and filler.
	plain(`what (is|are|was|were|has|have|holds|stands|differs|goes|comes|can|must|there|belongs|becomes|remains)`,
		"a noun, such as the differences"),
	plain(`whatever|wherever|whichever`, "any, each"),
	plain(`upon|beside|rightly|no more than that|but for`, "on, next to, except"),
	plain(`as (it|they|he) (stands?|is|are)`, "unchanged"),
	plain(`as (it|they|often as it) should`, "correctly"),
	plain(`nothing but|none of (them|atlas's|those)|and nothing else`, "only, no"),
	plain(`(it|that|this|which|value|file|document|format|name|mapping|schema|index|directory) (is|are) no`, "not a"),
	plain(`on the way|at a time when`, "in transit"),
	plain(`(one|payload|path|paths) an? (line|type)`, "per line, per type"),
	plain(`not there|there only|(there|been) already`, "not in, only in, already exists"),
	// People as pronouns.
	plain(`whosoever|whom|anybody|everybody`, "you, the client, anyone with the token"),
	plain(`who (runs|calls|reads|writes|sends|uses|builds|asks|knows)`, "you, the user"),
	plain(`strangers?`, "others, untrusted"),
	// Terms of the field.
	plain(`wrong usage`, "usage error"),
	plain(`canary|canaries`, "sample secret"),
	plain(`at fault`, "cause"),
}

// plain compiles a pattern of whole words.
func plain(pattern, instead string) phrase {
	return phrase{regexp.MustCompile(`(?i)\b(` + pattern + `)\b`), instead}
}

// headings are the beginnings of headings and of table heads that name neither a task nor a thing.
var headings = phrase{
	regexp.MustCompile(
		`(?i)^(what|who|whom|where|how|when|why|is|are|does|means?|holds?|gives?|finds|takes|for|says|tells|and then|it)\b|\?$`),
	"a task or a thing, such as Install, Flag, Description",
}
