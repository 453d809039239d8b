package letter

import (
	"embed"
	"fmt"
	htmltemplate "html/template"
	"strings"
	texttemplate "text/template"
	"time"

	"golang.org/x/text/language"

	"github.com/superapp-go/superapp/fault"
	"github.com/superapp-go/superapp/words"
)

//go:embed layout
var layout embed.FS

// A Page is what the layouts fill in. Its texts are clean: one line each, without
// control characters.
type Page struct {
	// Language and Direction ("ltr" or "rtl") are those of the text.
	Language  language.Tag
	Direction string
	Brand     Brand
	Subject   string
	// Heading, Greeting and Body tell it; Facts are the details, Link and Button lead
	// on, More is what else is to be said. Facts, Link, Button and More may be missing.
	Heading, Greeting, Body string
	Facts                   []Fact
	Link                    string
	Button, LinkHelp        string
	More                    string
	// Why says why the receiver got it, Automatic that nobody reads answers, Support who
	// does; the last may be missing.
	Why, Automatic, Support string
	// Colour is the brand's, Ink that of text upon it.
	Colour, Ink htmltemplate.CSS
}

// A Fact is one line of details.
type Fact struct {
	// Label says what Value is; Line is both, as the language joins them.
	Label, Value, Line string
}

// A Maker writes letters. It is safe for concurrent use.
type Maker struct {
	words *words.Catalogue
	in    *time.Location
	text  *texttemplate.Template
	html  *htmltemplate.Template
}

// MakerOptions configure a [Maker]. Nil means the defaults.
type MakerOptions struct {
	// Words are the texts. Default: words.BuiltIn().
	Words *words.Catalogue
	// Location is where times are told. Default: UTC.
	Location *time.Location
	// Text and HTML are layouts, which are executed with a [Page]. Default: the
	// package's own, in the folder layout.
	Text *texttemplate.Template
	HTML *htmltemplate.Template
}

// NewMaker returns a maker.
func NewMaker(o *MakerOptions) *Maker {
	set := MakerOptions{}
	if o != nil {
		set = *o
	}
	m := &Maker{words: set.Words, in: set.Location, text: set.Text, html: set.HTML}
	if m.words == nil {
		m.words = words.BuiltIn()
	}
	if m.in == nil {
		m.in = time.UTC
	}
	if m.text == nil {
		m.text = texttemplate.Must(texttemplate.ParseFS(layout, "layout/letter.txt"))
	}
	if m.html == nil {
		m.html = htmltemplate.Must(htmltemplate.ParseFS(layout, "layout/letter.html"))
	}
	return m
}

// Make writes a letter in the language that suits its receiver best. ID, From and At
// of the message are left to the caller. Errors: a *fault.InvalidError for a brand, a
// kind or a link that is none; what a layout of the host's own says.
func (m *Maker) Make(l Letter, b Brand) (Message, error) {
	b, err := b.check("")
	if err := fault.Join(err, l.check()); err != nil {
		return Message{}, fmt.Errorf("letter: make: %w", err)
	}
	w := m.words.For(l.Languages...)
	page := m.page(l, b, w)
	var text, html strings.Builder
	if err := m.text.Execute(&text, page); err != nil {
		return Message{}, fmt.Errorf("letter: make: %w", err)
	}
	if err := m.html.Execute(&html, page); err != nil {
		return Message{}, fmt.Errorf("letter: make: %w", err)
	}
	return Message{
		To: Address{Name: clean(l.To.Name, maxName), Email: l.To.Email}, Language: w.Language(),
		Subject: page.Subject, Text: text.String(), HTML: html.String(),
	}, nil
}

// maxLink is the greatest length of a link, in bytes.
const maxLink = 2048

// check returns what is wrong with the kind and the link.
func (l Letter) check() error {
	var p fault.Problems
	if _, known := shapes[l.Kind]; !known {
		p.Add("kind", "unknown", fmt.Sprintf("want a kind of letter, got %.40q", string(l.Kind)))
	}
	if l.Link != "" && !isHTTPS(l.Link) && !isLocal(l.Link) {
		p.Add("link", "malformed", "want an https address of at most 2048 bytes")
	}
	return p.Err()
}

// page fills in what a letter says.
func (m *Maker) page(l Letter, b Brand, w *words.Words) Page {
	shape := shapes[l.Kind]
	say := func(clean func(string, int) string) func(string) string {
		args := []any{clean(l.Workspace, maxName), clean(l.Inviter, maxName), clean(l.MiniProgram, maxName),
			w.RequestKind(l.Request), clean(l.About, maxName)}
		return func(part string) string {
			key := "letter." + string(l.Kind) + "." + part
			if l.Inviter == "" {
				if text, ok := w.Text(key+".nobody", args...); ok {
					return text
				}
			}
			text, _ := w.Text(key, args...)
			return text
		}
	}
	text := say(unlinked)
	p := Page{
		Language: w.Language(), Direction: direction(w.Language()), Brand: b, Subject: clean(say(clean)("subject"), maxSubject),
		Heading: text("heading"), Body: text("body"), Why: text("why"), More: text("more"),
		// Why it is safe: check has seen that it is a colour.
		Colour: htmltemplate.CSS(b.Colour), Ink: htmltemplate.CSS(b.ink()),
	}
	p.Greeting, _ = w.Text("letter.greeting.nobody")
	if name := unlinked(l.To.Name, maxName); name != "" {
		p.Greeting, _ = w.Text("letter.greeting", name)
	}
	p.Automatic, _ = w.Text("letter.automatic")
	if b.Support != "" {
		p.Support, _ = w.Text("letter.support", b.Support)
	}
	if p.Button = text("button"); l.Link != "" && p.Button != "" {
		p.Link = l.Link
		p.LinkHelp, _ = w.Text("letter.link")
	}
	for _, name := range shape {
		if value := m.fact(name, l, w); value != "" {
			label, _ := w.Text("letter.label." + name)
			line, _ := w.Text("problem.field", label, value)
			p.Facts = append(p.Facts, Fact{Label: label, Value: value, Line: line})
		}
	}
	return p
}

// shapes are the facts that each kind of letter tells, in order.
var shapes = map[Kind][]string{
	Invitation: {"workspace", "role", "mini_programs", "inviter", "expires"}, Resent: {"workspace", "role", "mini_programs", "inviter", "expires"},
	InvitationWithdrawn: {"workspace"},
	RequestApproved:     {"request", "about", "workspace", "reason"}, RequestRejected: {"request", "about", "workspace", "reason"},
	RequestVoid:        {"request", "about", "workspace"},
	MiniProgramRemoved: {"mini_program", "workspace", "reason"}, WorkspaceRemoved: {"workspace", "reason"},
	ForceRemoved: {"mini_program", "workspace", "reason"}, Warned: {"mini_program", "workspace", "reason"},
	RectificationRequired: {"mini_program", "workspace", "reason", "due"}, PasswordReset: {"workspace"},
}

// fact returns the value of a fact; "" if the letter has none.
func (m *Maker) fact(name string, l Letter, w *words.Words) string {
	switch name {
	case "workspace":
		return unlinked(l.Workspace, maxName)
	case "role":
		return unlinked(w.Role(l.Role), maxName)
	case "mini_programs":
		return w.List(names(l.MiniPrograms))
	case "mini_program":
		return unlinked(l.MiniProgram, maxName)
	case "inviter":
		return unlinked(l.Inviter, maxName)
	case "request":
		return w.RequestKind(l.Request)
	case "about":
		return unlinked(l.About, maxName)
	case "reason":
		return clean(l.Reason, maxReason)
	}
	if l.Until.IsZero() {
		return ""
	}
	return w.Time(l.Until.In(m.in)) // "expires" and "due"
}

// names returns the names as they are shown, without those that have nothing to show.
func names(all []string) (shown []string) {
	for _, s := range all {
		if s = unlinked(s, maxName); s != "" {
			shown = append(shown, s)
		}
	}
	return shown
}

// direction returns which way a language is written.
func direction(tag language.Tag) string {
	switch script, _ := tag.Script(); script.String() {
	case "Arab", "Hebr", "Syrc", "Thaa", "Nkoo", "Adlm":
		return "rtl"
	}
	return "ltr"
}
