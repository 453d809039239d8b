// Package smtp sends letters by a mail server. It is a package of its own so that
// only its users link a mail library.
//
//	m, err := smtp.New("mail.example.com", smtp.Options{User: "letters", Password: secret})
//	s, err := letter.New(platform, m, letter.Options{...})
//
// Each letter goes over a connection of its own: letters are few, and a server may
// close a connection that waits.
package smtp

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/wneessen/go-mail"

	"github.com/superapp-go/superapp/fault"
	"github.com/superapp-go/superapp/letter"
)

// A Security says how a connection is protected.
type Security uint8

// The ways.
const (
	// StartTLS upgrades the connection, and sends nothing if the server cannot: port
	// 587.
	StartTLS Security = iota
	// ImplicitTLS is TLS from the first byte: port 465.
	ImplicitTLS
	// UnsafePlaintext is for a server on the same machine: whoever sees the traffic
	// reads the links of invitations.
	UnsafePlaintext
)

// Options configure a [Mailer]. The zero value is StartTLS without a login.
type Options struct {
	// Security is how the connection is protected. Default: [StartTLS].
	Security Security
	// Port is the server's. Default: 587, 465 or 25, by Security.
	Port int
	// User and Password log in, with whatever the server offers that is safe on such a
	// connection. Default: no login.
	User, Password string
	// Hello is the name by which this machine greets the server. Default: its own.
	Hello string
	// Timeout bounds connecting, and then sending. Default: 30 seconds.
	Timeout time.Duration
	// TLS is for a server whose certificate the system does not know. Default: the
	// system's roots, TLS 1.2 and later.
	TLS *tls.Config
}

// A Mailer sends letters by one mail server. It is safe for concurrent use.
type Mailer struct {
	host    string
	options Options
}

var _ letter.Mailer = (*Mailer)(nil)

// New returns a mailer. It does not connect. Errors: a *fault.InvalidError for options
// that are malformed.
func New(host string, o Options) (*Mailer, error) {
	var p fault.Problems
	if host == "" || strings.ContainsAny(host, " \r\n\t/") {
		p.Add("host", "malformed", "want the name of a mail server such as mail.example.com")
	}
	if o.Security > UnsafePlaintext {
		p.Add("security", "unknown", "want StartTLS, ImplicitTLS or UnsafePlaintext")
	}
	if o.Port == 0 && o.Security <= UnsafePlaintext {
		o.Port = [...]int{587, 465, 25}[o.Security]
	}
	if o.Port < 0 || o.Port > 65535 {
		p.Add("port", "not_allowed", fmt.Sprintf("want 1 to 65535, got %d", o.Port))
	}
	if o.Timeout == 0 {
		o.Timeout = 30 * time.Second
	}
	if o.Timeout < 0 {
		p.Add("timeout", "not_allowed", "want a positive duration")
	}
	if o.User != "" && o.Security == UnsafePlaintext {
		p.Add("user", "not_allowed", "a login needs StartTLS or ImplicitTLS")
	}
	if err := p.Err(); err != nil {
		return nil, fmt.Errorf("smtp: new: %w", err)
	}
	return &Mailer{host: host, options: o}, nil
}

// ErrUnavailable is the error for a letter that the server did not take, but may take
// later: it is out of reach, busy, or does not accept the login. What the server or
// the network said is wrapped with it.
var ErrUnavailable = fault.Define(fault.ErrUnavailable, "smtp.unavailable", "the mail server did not take the letter: try again")

// Send sends a letter: it is sent once the server has said that it took it, whatever
// becomes of the connection then. Errors: a *letter.RefusedError if the server refuses
// it for good, by a code 5xx to its sender, receiver or content; else [ErrUnavailable],
// also for a server that was gone before it said so: it may have been sent then. When the
// context ends, so does the connection, and with it the call, but for what the server takes
// to greet, to protect the connection and to log in; no letter is sent after that. The
// deadline of the context holds there too.
func (m *Mailer) Send(ctx context.Context, l letter.Message) (err error) {
	defer fault.Wrap(&err, "smtp: send")
	msg, err := compose(l)
	if err != nil {
		return err
	}
	c, err := m.client(ctx)
	if err != nil {
		return err
	}
	line, err := c.DialToSMTPClientWithContext(ctx)
	if err != nil {
		return m.unavailable(ctx, "cannot connect or log in", err)
	}
	defer line.Close()
	// Why not line.Close: it waits for the command that waits for the server.
	defer context.AfterFunc(ctx, func() { _ = line.Text.Close() })()
	if ctx.Err() != nil {
		return m.unavailable(ctx, "nobody waits for it any more", nil)
	}
	// Why another client: a client gives the connection the time that it was made with.
	if c, err = m.client(ctx); err != nil {
		return err
	}
	if err := c.SendWithSMTPClient(line, msg); err != nil {
		return m.failed(ctx, err)
	}
	// Why its error does not count: the server has taken the letter.
	if line.UpdateDeadline(goodbye) == nil {
		_ = line.Quit()
	}
	return nil
}

// goodbye is how long a server may take to answer QUIT.
const goodbye = time.Second

// client makes a client for one letter, or for what is left of its time.
func (m *Mailer) client(ctx context.Context) (*mail.Client, error) {
	o := m.options
	// Why the deadline becomes a timeout: on a connection the library looks at nothing
	// else.
	timeout := o.Timeout
	if end, ok := ctx.Deadline(); ok {
		timeout = min(timeout, time.Until(end))
	}
	if timeout <= 0 {
		return nil, m.unavailable(ctx, "no time is left", context.DeadlineExceeded)
	}
	// Why no RSET: it comes behind the letter, and its failure would be the letter's.
	options := []mail.Option{mail.WithPort(o.Port), mail.WithTimeout(timeout), mail.WithoutNoop(), mail.WithoutRset()}
	switch o.Security {
	case StartTLS:
		options = append(options, mail.WithTLSPolicy(mail.TLSMandatory))
	case ImplicitTLS:
		options = append(options, mail.WithSSL())
	case UnsafePlaintext:
		options = append(options, mail.WithTLSPolicy(mail.NoTLS))
	}
	config := &tls.Config{ServerName: m.host, MinVersion: tls.VersionTLS12}
	if o.TLS != nil {
		config = o.TLS.Clone()
		if config.ServerName == "" {
			config.ServerName = m.host
		}
	}
	options = append(options, mail.WithTLSConfig(config))
	if o.Hello != "" {
		options = append(options, mail.WithHELO(o.Hello))
	}
	if o.User != "" {
		options = append(options, mail.WithSMTPAuth(mail.SMTPAuthAutoDiscover), mail.WithUsername(o.User), mail.WithPassword(o.Password))
	}
	c, err := mail.NewClient(m.host, options...)
	if err != nil {
		return nil, m.unavailable(ctx, "the options are malformed", err)
	}
	return c, nil
}

// failed sorts out why a server did not take a letter.
func (m *Mailer) failed(ctx context.Context, err error) error {
	if e, ok := errors.AsType[*mail.SendError](err); ok {
		code := e.ErrorCode()
		if code >= 500 && code < 600 && code != 530 && code != 535 { // these want a login, or another one
			return &letter.RefusedError{Why: strings.TrimSpace(fmt.Sprintf("the mail server answers %d %s", code, e.EnhancedStatusCode()))}
		}
		if code != 0 {
			// Why not what it says: it may hold the address.
			return m.unavailable(ctx, fmt.Sprintf("it answers %d %s", code, e.EnhancedStatusCode()), nil)
		}
	}
	if errors.Is(err, io.EOF) {
		return m.unavailable(ctx, "it closed the connection", nil)
	}
	return m.unavailable(ctx, "the connection failed", nil)
}

// unavailable is the error for what may succeed later. cause is told if it cannot hold
// an address.
func (m *Mailer) unavailable(ctx context.Context, what string, cause error) error {
	if ctx.Err() != nil {
		return fmt.Errorf("%w: %s: %w", ErrUnavailable, strings.TrimSpace(what), ctx.Err())
	}
	if cause != nil {
		return fmt.Errorf("%w: %s: %w", ErrUnavailable, strings.TrimSpace(what), cause)
	}
	return fmt.Errorf("%w: %s", ErrUnavailable, strings.TrimSpace(what))
}
