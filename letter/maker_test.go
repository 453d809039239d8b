package letter_test

import (
	htmltemplate "html/template"
	"regexp"
	"strings"
	"testing"
	texttemplate "text/template"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/stretchr/testify/require"
	"golang.org/x/text/language"

	"github.com/superapp-go/superapp/approval"
	"github.com/superapp-go/superapp/fault"
	"github.com/superapp-go/superapp/letter"
	"github.com/superapp-go/superapp/rbac"
	"github.com/superapp-go/superapp/words"
)

var brand = letter.Brand{Name: "Riverbank Wallet", Footer: "1 River Street", Support: "help@wallet.example"}

// sample is a letter of a kind with everything in it.
func sample(k letter.Kind, tag language.Tag) letter.Letter {
	return letter.Letter{
		Kind: k, To: letter.Address{Name: "Dee", Email: "dee@people.example"}, Languages: []language.Tag{tag},
		Workspace: "Corner Coffee", Inviter: "Ada", Role: rbac.Developer, MiniPrograms: []string{"Coffee Shop", "Tea House"},
		MiniProgram: "Coffee Shop", Request: approval.VersionRelease, About: "Coffee Shop 1.2.0", Reason: "please look again",
		Until: time.Date(2026, 1, 8, 9, 0, 0, 0, time.UTC), Link: "https://console.example/x?a=1&b=2",
	}
}

var missing = regexp.MustCompile(`%!|<no value>|\[\d\]|\(missing\)`)

// Every kind says something of each part in both languages, and the same in text and
// HTML.
func TestEveryLetterIsComplete(t *testing.T) {
	t.Parallel()
	maker := letter.NewMaker(nil)
	tags := regexp.MustCompile(`<[^>]*>`)
	for _, tag := range []language.Tag{language.English, language.SimplifiedChinese} {
		for _, k := range letter.Kinds() {
			t.Run(tag.String()+"/"+string(k), func(t *testing.T) {
				t.Parallel()
				m, err := maker.Make(sample(k, tag), brand)
				require.NoError(t, err)
				require.Equal(t, tag, m.Language)
				require.NotEmpty(t, m.Subject)
				require.NotRegexp(t, missing, m.Subject+m.Text+m.HTML)
				require.NotContains(t, m.Text, "\n\n\n", "no part is empty")
				shown := strings.NewReplacer("&#34;", `"`, "&#39;", "'", "&amp;", "&", "&nbsp;", "").Replace(tags.ReplaceAllString(m.HTML[strings.Index(m.HTML, "<body"):], "\n"))
				for line := range strings.Lines(m.Text) {
					line = strings.TrimSpace(line)
					if _, value, ok := strings.Cut(strings.ReplaceAll(line, "：", ": "), ": "); ok && !strings.Contains(shown, line) {
						line = strings.TrimSpace(value)
					}
					if line != "--" {
						require.Contains(t, shown, line)
					}
				}
				chinese := strings.ContainsFunc(m.Subject, func(r rune) bool { return unicode.Is(unicode.Han, r) })
				require.Equal(t, tag == language.SimplifiedChinese, chinese, m.Subject)
				require.NotContains(t, m.HTML, "http://")
				require.NotContains(t, m.HTML, "<img", "no picture but the brand's own")
			})
		}
	}
}

// evil is what somebody may call himself, or a workspace.
var evil = []string{
	"Eve\r\nBcc: all@people.example", "Eve\nSubject: You won", "Eve\u2028X-Header: 1", "Eve\x00\x1b[2J\u0085",
	"\u202Eelpmaxe.live\u202C", "\u2066Eve\u2069", "\u200Fevil", strings.Repeat("long ", 400), `"Eve" <eve@evil.example>`,
	`<script>alert(1)</script>`, `"><img src=x onerror=alert(1)>`, `{{.Link}}`, "%s%[9]d%!", "https://evil.example/login", "www.evil.example",
	"javascript:alert(1)", "\xff\xfe", "", "   ", "'; DROP TABLE", "a\u200Bb", "👨‍👩‍👧",
}

func TestWhatPeopleWriteStaysInItsPlace(t *testing.T) {
	t.Parallel()
	maker := letter.NewMaker(nil)
	plain, err := maker.Make(sample(letter.Invitation, language.English), brand)
	require.NoError(t, err)
	for _, name := range evil {
		for _, k := range letter.Kinds() {
			l := sample(k, language.English)
			l.To.Name, l.Workspace, l.Inviter, l.MiniProgram, l.About, l.Reason = name, name, name, name, name, name
			l.MiniPrograms, l.Role = []string{name, name}, rbac.Role(name)
			m, err := maker.Make(l, brand)
			require.NoError(t, err)
			for _, header := range []string{m.Subject, m.To.Name} {
				require.False(t, strings.ContainsFunc(header, func(r rune) bool {
					return unicode.IsControl(r) || unicode.Is(unicode.Bidi_Control, r) || r == '\u2028'
				}), "%q", header)
				require.True(t, utf8.ValidString(header))
				require.LessOrEqual(t, utf8.RuneCountInString(header), 200)
			}
			for _, body := range []string{m.Text, m.HTML} {
				require.False(t, strings.ContainsFunc(body, func(r rune) bool {
					return unicode.IsControl(r) && r != '\n' || unicode.Is(unicode.Bidi_Control, r)
				}))
			}
			require.NotContains(t, m.HTML, "<script")
			require.NotContains(t, m.HTML, "<img")
			if k != letter.Invitation {
				continue
			}
			require.NotContains(t, m.Text, "evil.example", "no mail program makes a link of it")
			require.Equal(t, strings.Count(plain.HTML, "<"), strings.Count(m.HTML, "<")+lost(name), "the same elements")
		}
	}
}

// No part of a name is left that a mail program takes for an address, however short its
// labels are.
func TestNamesAreNoLinks(t *testing.T) {
	t.Parallel()
	maker := letter.NewMaker(nil)
	for _, name := range []string{"win.a.b.co/x", "http://t.co", "a@b.c.d.ee", "x\u0327.evil.example", "1.2.3.4", "http:1.2.3.4",
		"win。evil.example", "win．evil．example", "win｡evil｡example", "eve＠evil.example", "https：evil", "win\u2024evil\u2024example", "win﹒evil", "eve﹫evil"} {
		l := sample(letter.Warned, language.English)
		l.Workspace, l.MiniProgram = name, name
		m, err := maker.Make(l, brand)
		require.NoError(t, err)
		require.NotRegexp(t, `\S[.@\x{3002}\x{FF0E}\x{FF61}\x{FF20}\x{2024}\x{FE52}\x{FE6B}][\pL\pN]|\S[:\x{FF1A}][\pL\pN/]`, strings.NewReplacer("help@wallet.example.", "", l.Link, "").Replace(m.Text), name)
		require.Contains(t, strings.ReplaceAll(m.Text, "\u2060", ""), "Workspace: "+name+"\n", "it looks as it was written")
	}
}

// lost is how many elements of the plain letter one with a name has not: without a
// name nobody is told to have invited, and nothing is where.
func lost(name string) int {
	if strings.TrimSpace(name) != "" {
		return 0
	}
	return 4 * 6 // four lines of facts: workspace, role, mini programs, inviter
}

func TestALinkLeadsToAPage(t *testing.T) {
	t.Parallel()
	maker := letter.NewMaker(nil)
	for link, good := range map[string]bool{
		"https://console.example/join?token=x": true, "http://localhost:8080/join": true, "http://localhost.evil.example/": false, "http://localhost@evil.example/": false, "http://console.example/": false,
		"javascript:alert(1)": false, "https://": false, "/join": false, "https://x.example/" + strings.Repeat("x", 3000): false,
	} {
		l := sample(letter.Invitation, language.English)
		l.Link = link
		_, err := maker.Make(l, brand)
		require.Equal(t, good, err == nil, link)
	}
	l := sample(letter.Invitation, language.English)
	l.Kind = "poem"
	_, err := maker.Make(l, brand)
	require.ErrorIs(t, err, fault.ErrInput)
}

func TestBrands(t *testing.T) {
	t.Parallel()
	maker := letter.NewMaker(nil)
	l := sample(letter.Invitation, language.English)
	for colour, ink := range map[string]string{"#ffd400": "#000000", "#003366": "#ffffff", "#ffffff": "#000000", "#000000": "#ffffff"} {
		m, err := maker.Make(l, letter.Brand{Colour: colour, Logo: "https://cdn.wallet.example/logo.png", Name: `W"allet`})
		require.NoError(t, err)
		require.Contains(t, m.HTML, "background:"+colour)
		require.Contains(t, m.HTML, "color:"+ink)
		require.Contains(t, m.HTML, `<img src="https://cdn.wallet.example/logo.png" alt="W&#34;allet"`)
	}
	for field, b := range map[string]letter.Brand{
		"brand.colour": {Colour: "red;background:url(x)"}, "brand.logo": {Logo: "http://cdn.wallet.example/logo.png"},
	} {
		_, err := maker.Make(l, b)
		var invalid *fault.InvalidError
		require.ErrorAs(t, err, &invalid)
		require.Equal(t, field, invalid.Problems[0].Field)
	}
}

func TestAHostChangesWordsAndLayout(t *testing.T) {
	t.Parallel()
	c, err := words.BuiltIn().With(language.Arabic, map[string]string{"letter.invitation.subject": "دعوة من %[2]s", "format.time": "2006-01-02 15:04 MST"})
	require.NoError(t, err)
	l := sample(letter.Invitation, language.MustParse("ar-EG"))
	m, err := letter.NewMaker(&letter.MakerOptions{Words: c}).Make(l, brand)
	require.NoError(t, err)
	require.Equal(t, "دعوة من Ada", m.Subject)
	require.Contains(t, m.HTML, `lang="ar" dir="rtl"`)
	require.Contains(t, m.Text, "2026-01-08 09:00 UTC")

	singapore := time.FixedZone("SGT", 8*3600)
	m, err = letter.NewMaker(&letter.MakerOptions{
		Location: singapore,
		Text:     texttemplate.Must(texttemplate.New("").Parse("{{.Subject}}|{{range .Facts}}{{.Value}};{{end}}")),
		HTML:     htmltemplate.Must(htmltemplate.New("").Parse("<b>{{.Heading}}</b>")),
	}).Make(sample(letter.Invitation, language.English), brand)
	require.NoError(t, err)
	require.Equal(t, "Ada invited you to Corner Coffee|Corner Coffee;Developer;Coffee Shop, Tea House;Ada;8 January 2026, 17:00 SGT;", m.Text)
	require.Equal(t, "<b>Join Corner Coffee</b>", m.HTML)
}

func TestBadOptionsAreRefused(t *testing.T) {
	t.Parallel()
	good := options()
	for field, change := range map[string]func(*letter.Options){
		"invitation": func(o *letter.Options) { o.Invitation = nil }, "from": func(o *letter.Options) { o.From.Email = "nobody" },
		"brand.colour": func(o *letter.Options) { o.Brand.Colour = "blue" },
	} {
		o := good
		change(&o)
		_, err := letter.New(nil, nil, o)
		var invalid *fault.InvalidError
		require.ErrorAs(t, err, &invalid)
		require.Equal(t, field, invalid.Problems[0].Field)
	}
}
