package lettertest

import (
	"bytes"
	"fmt"
	"io"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	"net/mail"
)

// A Mail is what a [Server] took.
type Mail struct {
	// From and To are the addresses of the envelope.
	From string
	To   []string
	// Raw is the letter as it came.
	Raw []byte
}

// A Parsed is a mail as a mail program shows it.
type Parsed struct {
	Header mail.Header
	// Subject, From and To are decoded.
	Subject  string
	From, To *mail.Address
	// Text and HTML are the two parts.
	Text, HTML string
}

// Parse reads the mail as a mail program does. It is an error if it is not one to one
// receiver, in text and HTML.
func (m Mail) Parse() (p Parsed, err error) {
	read, err := mail.ReadMessage(bytes.NewReader(m.Raw))
	if err != nil {
		return p, err
	}
	p.Header = read.Header
	if p.Subject, err = new(mime.WordDecoder).DecodeHeader(p.Header.Get("Subject")); err != nil {
		return p, err
	}
	if p.From, err = mail.ParseAddress(p.Header.Get("From")); err != nil {
		return p, err
	}
	if p.To, err = mail.ParseAddress(p.Header.Get("To")); err != nil {
		return p, err
	}
	kind, params, err := mime.ParseMediaType(p.Header.Get("Content-Type"))
	if err != nil || kind != "multipart/alternative" {
		return p, fmt.Errorf("lettertest: not in two forms: %q, %w", kind, err)
	}
	parts := multipart.NewReader(read.Body, params["boundary"])
	for _, form := range []struct {
		kind string
		to   *string
	}{{"text/plain", &p.Text}, {"text/html", &p.HTML}} {
		if *form.to, err = next(parts, form.kind); err != nil {
			return p, err
		}
	}
	return p, nil
}

// next reads a part of a kind.
func next(parts *multipart.Reader, want string) (string, error) {
	part, err := parts.NextRawPart()
	if err != nil {
		return "", err
	}
	kind, params, err := mime.ParseMediaType(part.Header.Get("Content-Type"))
	if err != nil || kind != want || params["charset"] != "UTF-8" {
		return "", fmt.Errorf("lettertest: want %s in UTF-8, got %q, %w", want, part.Header.Get("Content-Type"), err)
	}
	text, err := io.ReadAll(quotedprintable.NewReader(part))
	return string(text), err
}
