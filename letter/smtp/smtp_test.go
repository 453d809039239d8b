package smtp_test

import (
	"context"
	"fmt"
	"net/mail"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"golang.org/x/text/language"

	"github.com/superapp-go/superapp/fault"
	"github.com/superapp-go/superapp/letter"
	"github.com/superapp-go/superapp/letter/lettertest"
	"github.com/superapp-go/superapp/letter/smtp"
)

// server starts a server of the test's own.
func server(t *testing.T, o *lettertest.ServerOptions) *lettertest.Server {
	t.Helper()
	s, err := lettertest.NewServer(o)
	require.NoError(t, err)
	t.Cleanup(s.Close)
	return s
}

// mailer is one for a server.
func mailer(t *testing.T, s *lettertest.Server, change func(*smtp.Options)) *smtp.Mailer {
	t.Helper()
	o := smtp.Options{Port: s.Port(), TLS: s.TLS(), Timeout: 10 * time.Second, Hello: "test.example"}
	if change != nil {
		change(&o)
	}
	m, err := smtp.New(s.Host(), o)
	require.NoError(t, err)
	return m
}

func message() letter.Message {
	return letter.Message{
		ID: "0123456789abcdef@wallet.example", From: letter.Address{Name: "Riverbank “Wallet”", Email: "noreply@wallet.example"},
		To: letter.Address{Name: `Dee "D" <x@evil.example>, 王`, Email: "dee@people.example"}, Language: language.SimplifiedChinese,
		Subject: "邀请你加入“第二钱包”，" + strings.Repeat("很长", 40), Text: "你好\n.\n.. a line\n" + strings.Repeat("长", 600) + "\n",
		HTML: "<p>你好 = &amp;</p>\n", At: time.Date(2026, 1, 5, 9, 0, 0, 0, time.UTC),
	}
}

func TestALetterArrivesAsItWasWritten(t *testing.T) {
	t.Parallel()
	s := server(t, nil)
	want := message()
	require.NoError(t, mailer(t, s, nil).Send(t.Context(), want))
	require.Len(t, s.Mails(), 1)
	got := s.Mails()[0]
	require.Equal(t, "noreply@wallet.example", got.From)
	require.Equal(t, []string{"dee@people.example"}, got.To, "quotes and brackets in a name make no further receiver")
	p, err := got.Parse()
	require.NoError(t, err)
	require.Equal(t, want.Subject, p.Subject)
	require.Equal(t, &mail.Address{Name: want.From.Name, Address: want.From.Email}, p.From)
	require.Equal(t, &mail.Address{Name: want.To.Name, Address: want.To.Email}, p.To)
	require.Equal(t, want.Text, strings.ReplaceAll(p.Text, "\r\n", "\n"))
	require.Equal(t, want.HTML, strings.ReplaceAll(p.HTML, "\r\n", "\n"))
	for header, value := range map[string]string{
		"Message-Id": "<" + want.ID + ">", "Auto-Submitted": "auto-generated", "Content-Language": "zh-Hans", "Date": "Mon, 05 Jan 2026 09:00:00 +0000",
	} {
		require.Equal(t, value, p.Header.Get(header), header)
	}
	for line := range strings.Lines(string(got.Raw)) {
		require.LessOrEqual(t, len(line), 1000, "RFC 5321")
	}
}

// No line break in a header leaves this machine, whoever made the message.
func TestHeadersCannotBeInjected(t *testing.T) {
	t.Parallel()
	s := server(t, nil)
	m := mailer(t, s, nil)
	const evil = "x\r\nBcc: all@people.example"
	for name, change := range map[string]func(*letter.Message){
		"the id":            func(l *letter.Message) { l.ID = evil },
		"the subject":       func(l *letter.Message) { l.Subject = evil },
		"the sender":        func(l *letter.Message) { l.From.Name = evil },
		"the receiver":      func(l *letter.Message) { l.To.Name = evil },
		"the address":       func(l *letter.Message) { l.To.Email = "dee@people.example>\r\nRCPT TO:<all@people.example" },
		"a second receiver": func(l *letter.Message) { l.To.Email = "dee@people.example, all@people.example" },
		"no address":        func(l *letter.Message) { l.To.Email = "" },
		"no sender":         func(l *letter.Message) { l.From.Email = "nobody" },
	} {
		t.Run(name, func(t *testing.T) {
			l := message()
			change(&l)
			err := m.Send(t.Context(), l)
			require.ErrorIs(t, err, letter.ErrRefused)
			require.NotContains(t, err.Error(), "@")
		})
	}
	require.Empty(t, s.Mails())
}

// on answers a command with a line.
func on(prefix, answer string) *lettertest.ServerOptions {
	return &lettertest.ServerOptions{Answer: func(command string) string {
		if strings.HasPrefix(command, prefix) && (prefix != "" || command == "") {
			return answer
		}
		return ""
	}}
}

func TestWhatAServerRefuses(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name    string
		server  *lettertest.ServerOptions
		refused bool
		why     string
	}{
		{"no such mailbox", on("RCPT", "550 5.1.1 no dee@people.example here"), true, "the mail server answers 550 5.1.1"},
		{"the sender", on("MAIL", "553 5.7.1 not you"), true, "the mail server answers 553 5.7.1"},
		{"the content", on(".", "554 5.6.0 spam"), true, "the mail server answers 554"},
		{"a full mailbox", on("RCPT", "452 4.2.2 full"), false, "it answers 452 4.2.2"},
		{"greylisting", on("RCPT", "451 4.7.1 try later"), false, "it answers 451 4.7.1"},
		{"a busy server", on("", "421 4.3.2 busy"), false, "cannot connect"},
		{"a login is wanted", on("MAIL", "530 5.7.0 authentication required"), false, "it answers 530 5.7.0"},
		{"gone at once", on("", lettertest.Drop), false, "cannot connect"},
		{"gone in the middle", on("RCPT", lettertest.Drop), false, ""},
		{"took it and was gone", on(".", lettertest.Drop), false, ""},
		{"no protection", &lettertest.ServerOptions{NoTLS: true}, false, "cannot connect"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			s := server(t, c.server)
			err := mailer(t, s, nil).Send(t.Context(), message())
			require.Equal(t, c.refused, fault.KindOf(err) == fault.ErrInvalid, "%v", err)
			if c.refused {
				require.ErrorIs(t, err, letter.ErrRefused)
			} else {
				require.ErrorIs(t, err, smtp.ErrUnavailable)
			}
			require.ErrorContains(t, err, c.why)
			require.NotContains(t, err.Error(), "dee@")
			taken := 0
			if strings.HasPrefix(c.name, "took it") || c.name == "the content" {
				taken = 1
			}
			require.Len(t, s.Mails(), taken)
		})
	}
}

func TestNobodyListens(t *testing.T) {
	t.Parallel()
	s := server(t, nil)
	m := mailer(t, s, nil)
	s.Close()
	require.ErrorIs(t, m.Send(t.Context(), message()), smtp.ErrUnavailable)
}

func TestACertificateThatNobodyKnows(t *testing.T) {
	t.Parallel()
	s := server(t, nil)
	err := mailer(t, s, func(o *smtp.Options) { o.TLS = nil }).Send(t.Context(), message())
	require.ErrorIs(t, err, smtp.ErrUnavailable)
	require.Empty(t, s.Mails())
}

// A server that accepts and never answers holds a letter no longer than its timeout, or
// the caller's deadline.
func TestAServerThatHangs(t *testing.T) {
	t.Parallel()
	for _, at := range []string{"", "RCPT", "."} {
		for _, who := range []string{"timeout", "deadline"} {
			t.Run(fmt.Sprintf("%s at %q", who, at), func(t *testing.T) {
				t.Parallel()
				hung := make(chan struct{})
				s := server(t, &lettertest.ServerOptions{Answer: func(command string) string {
					if strings.HasPrefix(command, at) && (at != "" || command == "") {
						<-hung
					}
					return ""
				}})
				t.Cleanup(func() { close(hung) }) // before the server closes
				ctx, change := t.Context(), func(o *smtp.Options) { o.Timeout = 100 * time.Millisecond }
				if who == "deadline" {
					var cancel context.CancelFunc
					ctx, cancel = context.WithTimeout(ctx, 100*time.Millisecond)
					defer cancel()
					change = nil
				}
				err := mailer(t, s, change).Send(ctx, message())
				require.ErrorIs(t, err, smtp.ErrUnavailable)
				require.NotErrorIs(t, err, letter.ErrRefused)
			})
		}
	}
}

// What becomes of the connection once the server has taken a letter makes no failure of
// it: it would be sent again and again.
func TestALetterThatWasTakenIsSent(t *testing.T) {
	t.Parallel()
	for _, then := range []string{lettertest.Drop, "500 5.5.1 no", "421 4.3.2 bye", "hangs"} {
		t.Run(then, func(t *testing.T) {
			t.Parallel()
			hung := make(chan struct{})
			var taken atomic.Bool
			s := server(t, &lettertest.ServerOptions{Answer: func(command string) string {
				switch {
				case command == ".":
					taken.Store(true)
				case taken.Load() && then == "hangs":
					<-hung
				case taken.Load():
					return then
				}
				return ""
			}})
			t.Cleanup(func() { close(hung) })
			began := time.Now()
			require.NoError(t, mailer(t, s, func(o *smtp.Options) { o.Timeout = time.Minute }).Send(t.Context(), message()))
			require.Less(t, time.Since(began), 30*time.Second)
			require.Len(t, s.Mails(), 1)
		})
	}
}

// Whoever gives up a letter does not leave it with a server that takes its time: another
// one may be on its way when it answers.
func TestACancelledLetterIsNotSent(t *testing.T) {
	t.Parallel()
	for _, at := range []string{"EHLO", "MAIL", "RCPT", "DATA"} {
		t.Run(at, func(t *testing.T) {
			t.Parallel()
			asked, hung := make(chan struct{}), make(chan struct{})
			var once sync.Once
			s := server(t, &lettertest.ServerOptions{Answer: func(command string) string {
				if strings.HasPrefix(command, at) {
					once.Do(func() { close(asked) })
					<-hung
				}
				return ""
			}})
			goOn := sync.OnceFunc(func() { close(hung) })
			t.Cleanup(goOn)
			ctx, cancel := context.WithCancel(t.Context())
			sent := make(chan error, 1)
			go func() { sent <- mailer(t, s, nil).Send(ctx, message()) }()
			<-asked
			cancel()
			if at == "EHLO" { // before there is anything to send
				goOn()
			}
			select {
			case err := <-sent:
				require.ErrorIs(t, err, smtp.ErrUnavailable)
				require.ErrorIs(t, err, context.Canceled)
			case <-time.After(5 * time.Second):
				t.Fatal("the call waits for the server")
			}
			goOn()
			time.Sleep(50 * time.Millisecond) // for a letter that should not come
			require.Empty(t, s.Mails())
		})
	}
}

// Connecting and sending have one deadline together.
func TestTheDeadlineHoldsThroughout(t *testing.T) {
	t.Parallel()
	hung := make(chan struct{})
	s := server(t, &lettertest.ServerOptions{Answer: func(command string) string {
		switch {
		case command == "":
			time.Sleep(1500 * time.Millisecond)
		case strings.HasPrefix(command, "MAIL"):
			<-hung
		}
		return ""
	}})
	t.Cleanup(func() { close(hung) })
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Second)
	defer cancel()
	began := time.Now()
	require.ErrorIs(t, mailer(t, s, nil).Send(ctx, message()), smtp.ErrUnavailable)
	require.Less(t, time.Since(began), 3*time.Second)
}

func TestPlaintextOnlyWhenAskedFor(t *testing.T) {
	t.Parallel()
	s := server(t, &lettertest.ServerOptions{NoTLS: true})
	m := mailer(t, s, func(o *smtp.Options) { o.Security, o.TLS = smtp.UnsafePlaintext, nil })
	require.NoError(t, m.Send(t.Context(), message()))
	require.Len(t, s.Mails(), 1)
}

func TestBadOptionsAreRefused(t *testing.T) {
	t.Parallel()
	for field, c := range map[string]struct {
		host string
		o    smtp.Options
	}{
		"host":     {"mail.example.com\r\nQUIT", smtp.Options{}},
		"security": {"mail.example.com", smtp.Options{Security: 9}},
		"port":     {"mail.example.com", smtp.Options{Port: 70000}},
		"timeout":  {"mail.example.com", smtp.Options{Timeout: -1}},
		"user":     {"mail.example.com", smtp.Options{Security: smtp.UnsafePlaintext, User: "u"}},
	} {
		_, err := smtp.New(c.host, c.o)
		var invalid *fault.InvalidError
		require.ErrorAs(t, err, &invalid)
		require.Equal(t, field, invalid.Problems[0].Field)
	}
}

func TestLettersAreSentSideBySide(t *testing.T) {
	t.Parallel()
	s := server(t, nil)
	m := mailer(t, s, nil)
	errs := make(chan error)
	const n = 8
	for range n {
		go func() { errs <- m.Send(context.Background(), message()) }()
	}
	for range n {
		require.NoError(t, <-errs)
	}
	require.Len(t, s.Mails(), n)
}

func ExampleMailer() {
	s, err := lettertest.NewServer(nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	defer s.Close()
	m, err := smtp.New(s.Host(), smtp.Options{Port: s.Port(), TLS: s.TLS()})
	if err != nil {
		fmt.Println(err)
		return
	}
	err = m.Send(context.Background(), letter.Message{
		ID: "1@wallet.example", From: letter.Address{Name: "Riverbank Wallet", Email: "noreply@wallet.example"},
		To: letter.Address{Name: "Dee", Email: "dee@example.com"}, Subject: "Hello", Text: "Hello", HTML: "<p>Hello</p>",
	})
	fmt.Println(err, s.Mails()[0].To)
	// Output: <nil> [dee@example.com]
}
