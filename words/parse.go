package words

import (
	"bufio"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strings"

	"golang.org/x/text/language"

	"github.com/superapp-go/superapp/fault"
)

// maxText is the greatest length of a text, in bytes.
const maxText = 4096

var (
	keyForm = regexp.MustCompile(`^[a-z0-9_]+(\.[a-z0-9_-]+)+$`)
	// verb is how an argument is filled in; percent is what is none.
	verb    = regexp.MustCompile(`%\[[1-9]\][sdv]`)
	percent = regexp.MustCompile(`%`)
)

// Parse reads texts, one a line: key = text. Empty lines and those that begin
// with # are passed over. The escape \s is a space, for texts that begin or end
// with one, and \n a new line. The error is a *fault.InvalidError with the numbers
// of the lines, or what the reader says.
func Parse(r io.Reader) (map[string]string, error) {
	all := make(map[string]string)
	var p fault.Problems
	lines := bufio.NewScanner(r)
	for n := 1; lines.Scan(); n++ {
		line := strings.TrimSpace(lines.Text())
		if line == "" || line[0] == '#' {
			continue
		}
		field := fmt.Sprintf("line[%d]", n)
		key, text, ok := strings.Cut(line, "=")
		key = strings.TrimSpace(key)
		switch _, twice := all[key]; {
		case !ok:
			p.Add(field, "malformed", "want key = text")
		case twice:
			p.Add(field, "duplicate", "the key stands here a second time")
		}
		all[key] = strings.NewReplacer(`\s`, " ", `\n`, "\n").Replace(strings.TrimSpace(text))
	}
	if err := lines.Err(); err != nil {
		return nil, fmt.Errorf("words: parse: %w", err)
	}
	if err := p.Err(); err != nil {
		return nil, fmt.Errorf("words: parse: %w", err)
	}
	return all, nil
}

// check returns what is wrong with the texts of a language.
func check(tag language.Tag, texts, english map[string]string) error {
	var p fault.Problems
	if tag == language.Und {
		p.Add("language", "required", "want a language such as en or zh-Hans")
	}
	for key, text := range texts {
		switch {
		case len(key) > 200 || !keyForm.MatchString(key):
			p.Add("texts", "malformed", fmt.Sprintf("not a key: %.60q", key))
		case len(text) > maxText:
			p.Add("texts."+key, "too_long", fmt.Sprintf("want at most %d bytes, got %d", maxText, len(text)))
		case percent.MatchString(verb.ReplaceAllString(strings.ReplaceAll(text, "%%", ""), "")):
			p.Add("texts."+key, "malformed", "want %[1]s, %[2]s, ... for what is filled in, and %% for a percent sign")
		case !covered(text, english, key):
			p.Add("texts."+key, "not_allowed", "fills in what the English text has not")
		}
	}
	slices.SortFunc(p, func(a, b fault.Problem) int { return strings.Compare(a.Field+a.Detail, b.Field+b.Detail) })
	return p.Err()
}

// covered reports whether a text fills in no more than the English one does.
func covered(text string, english map[string]string, key string) bool {
	with := verb.FindAllString(english[key], -1)
	return !slices.ContainsFunc(verb.FindAllString(text, -1), func(v string) bool { return !slices.Contains(with, v) })
}
