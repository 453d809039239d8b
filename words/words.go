// Package words says in a reader's language what the library has codes for:
// the names of roles, permissions, statuses and actions, what went wrong, and
// the texts of letters. English and Simplified Chinese are complete.
//
//	w := words.For(language.Make("zh-CN"), language.English)
//	w.Role(rbac.WorkspaceAdmin) // 空间管理员
//	w.Error(err)                // what a user may be shown
//
// A host adds languages, names of its own roles and permissions, and its own
// wording by [Catalogue.With]. The texts are in the folder texts, three files a
// language; they are read by golang.org/x/text/message.
package words

import (
	"embed"
	"maps"
	"slices"
	"strings"
	"sync"

	"golang.org/x/text/language"
	"golang.org/x/text/message"
	"golang.org/x/text/message/catalog"
)

//go:embed texts
var texts embed.FS

// builtIn are the texts of this package.
var builtIn = sync.OnceValue(func() *Catalogue {
	c := &Catalogue{texts: make(map[language.Tag]map[string]string)}
	for _, tag := range []language.Tag{language.English, language.SimplifiedChinese} {
		c.tags, c.texts[tag] = append(c.tags, tag), make(map[string]string)
		for _, part := range []string{"", "-errors", "-letters"} {
			all, err := read("texts/" + tag.String() + part + ".txt")
			if err != nil {
				panic(err) // which every test would have shown
			}
			maps.Copy(c.texts[tag], all)
		}
	}
	return c.built()
})

func read(name string) (map[string]string, error) {
	file, err := texts.Open(name)
	if err != nil {
		return nil, err
	}
	return Parse(file)
}

// A Catalogue holds texts in several languages, by key. It never changes and is
// safe for concurrent use.
type Catalogue struct {
	// tags are the languages, English first: what no language matches gets that.
	tags    []language.Tag
	texts   map[language.Tag]map[string]string
	words   []*Words
	matcher language.Matcher
}

// BuiltIn returns the catalogue of this package: English and Simplified Chinese.
func BuiltIn() *Catalogue { return builtIn() }

// For returns the words of the built-in catalogue for a reader: see
// [Catalogue.For].
func For(preferred ...language.Tag) *Words { return builtIn().For(preferred...) }

// For returns the words for a reader who prefers the languages in this order.
// Languages are matched as BCP 47 says, not compared: a reader of zh-CN gets
// zh-Hans, one of en-GB gets en. Whoever reads none of the languages gets English.
// [language.ParseAcceptLanguage] reads what a browser prefers.
func (c *Catalogue) For(preferred ...language.Tag) *Words {
	_, at, _ := c.matcher.Match(preferred...)
	return c.words[at]
}

// Languages returns the languages of the catalogue, English first.
func (c *Catalogue) Languages() []language.Tag { return slices.Clone(c.tags) }

// Keys returns the keys of all texts, in order: what a translation covers.
func (c *Catalogue) Keys() []string {
	return slices.Sorted(maps.Keys(c.texts[language.English]))
}

// Missing returns the keys that a language has no text for, in order; all of them
// for a language that is not in the catalogue. [Catalogue.With] says what stands in
// for them.
func (c *Catalogue) Missing(tag language.Tag) []string {
	var missing []string
	for _, key := range c.Keys() {
		if _, ok := c.texts[tag][key]; !ok {
			missing = append(missing, key)
		}
	}
	return missing
}

// With returns a catalogue with further texts of a language, which replace those it
// has. For what a new language lacks stands what its readers got without it: zh-CN has
// the texts of zh-Hans, and a language like none here those of English. A new key, such
// as "role.cashier" or "permission.loyalty.manage", names something of the host's own;
// until English has it, a reader of another language sees the bare code. Errors: a
// *fault.InvalidError for the undefined language, for a malformed key, and for a text
// that fills in what the English one has not.
func (c *Catalogue) With(tag language.Tag, texts map[string]string) (*Catalogue, error) {
	english := c.texts[language.English]
	if err := check(tag, texts, english); err != nil {
		return nil, err
	}
	more := &Catalogue{tags: slices.Clone(c.tags), texts: maps.Clone(c.texts)}
	if _, known := more.texts[tag]; !known {
		more.tags = append(more.tags, tag)
		more.texts[tag] = map[string]string{}
	}
	more.texts[tag] = maps.Clone(more.texts[tag])
	maps.Copy(more.texts[tag], texts)
	return more.built(), nil
}

// built makes the words of every language. What one lacks is filled in from the one
// before it that suits its readers best, which is filled in likewise.
func (c *Catalogue) built() *Catalogue {
	b := catalog.NewBuilder(catalog.Fallback(language.English))
	for i, tag := range c.tags {
		known := make(map[string]string)
		if i > 0 {
			_, nearest, _ := language.NewMatcher(c.tags[:i]).Match(tag)
			maps.Copy(known, c.words[nearest].texts)
		}
		maps.Copy(known, c.texts[tag])
		for key, text := range known {
			// Why no error: it reports what macros refer to, of which there are none.
			_ = b.SetString(tag, key, text)
		}
		c.words = append(c.words, &Words{tag: tag, texts: known, printer: message.NewPrinter(tag, message.Catalog(b))})
	}
	c.matcher = language.NewMatcher(c.tags)
	return c
}

// Words are the texts of one language. They are safe for concurrent use.
type Words struct {
	tag     language.Tag
	texts   map[string]string
	printer *message.Printer
}

// Language returns the language.
func (w *Words) Language() language.Tag { return w.tag }

// Text returns the text of a key, filled in with the arguments; ok is false if
// there is none. Numbers are written as the language does.
func (w *Words) Text(key string, args ...any) (text string, ok bool) {
	plain, ok := w.texts[key]
	switch {
	case !ok:
		return "", false
	case !verb.MatchString(plain):
		args = nil // which the printer would complain of
	}
	return w.printer.Sprintf(message.Key(key, ""), args...), true
}

// name returns the text of a thing with a code, or the code.
func (w *Words) name(space, code string) string {
	if text, ok := w.Text(space + "." + code); ok {
		return text
	}
	return code
}

// List joins names as the language does.
func (w *Words) List(names []string) string {
	return strings.Join(names, w.texts["format.list"])
}
