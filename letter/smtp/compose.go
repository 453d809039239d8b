package smtp

import (
	netmail "net/mail"
	"strings"
	"unicode"

	"github.com/wneessen/go-mail"

	"github.com/superapp-go/superapp/letter"
)

// compose makes the mail of a letter. It is a *letter.RefusedError if it is none that
// could ever be sent.
func compose(l letter.Message) (*mail.Msg, error) {
	// Why again: the letter may not be one of package letter's making, and a line break
	// in a header is somebody else's header.
	for _, s := range []string{l.ID, l.From.Name, l.From.Email, l.To.Name, l.To.Email, l.Subject} {
		if strings.ContainsFunc(s, unicode.IsControl) {
			return nil, &letter.RefusedError{Why: "a header has a control character in it"}
		}
	}
	msg := mail.NewMsg(mail.WithEncoding(mail.EncodingQP), mail.WithNoDefaultUserAgent())
	if err := msg.From(mailbox(l.From)); err != nil {
		return nil, &letter.RefusedError{Why: "the address it is from is none"}
	}
	if err := msg.AddTo(mailbox(l.To)); err != nil {
		return nil, &letter.RefusedError{Why: "the address it goes to is none"}
	}
	msg.Subject(l.Subject)
	msg.SetDateWithValue(l.At)
	msg.SetMessageIDWithValue(l.ID)
	msg.SetGenHeader("Auto-Submitted", "auto-generated")
	msg.SetGenHeader("X-Auto-Response-Suppress", "All")
	msg.SetGenHeader("Content-Language", l.Language.String())
	msg.SetBodyString(mail.TypeTextPlain, l.Text)
	msg.AddAlternativeString(mail.TypeTextHTML, l.HTML)
	return msg, nil
}

// mailbox is an address as a header has it, its name quoted or encoded; "", which is
// none, for an Email that is more or less than one plain address.
func mailbox(a letter.Address) string {
	if read, err := netmail.ParseAddress(a.Email); err != nil || read.Address != a.Email || strings.ContainsAny(a.Email, "\" ,<>()") {
		return ""
	}
	return (&netmail.Address{Name: a.Name, Address: a.Email}).String()
}
