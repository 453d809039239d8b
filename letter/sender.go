package letter

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"strings"

	"golang.org/x/text/language"

	"github.com/superapp-go/superapp"
	"github.com/superapp-go/superapp/audit"
	"github.com/superapp-go/superapp/delivery"
	"github.com/superapp-go/superapp/fault"
	"github.com/superapp-go/superapp/id"
	"github.com/superapp-go/superapp/internal/text"
	"github.com/superapp-go/superapp/member"
	"github.com/superapp-go/superapp/rbac"
)

// Options configure a [Sender]. From and Invitation are required.
type Options struct {
	// From is who letters are from; a brand's name stands in for its name.
	From Address
	// Invitation returns the page on which the holder of a token looks at his
	// invitation and accepts it: an https address with token.Reveal() in it.
	Invitation func(token member.Token) string
	// Request, MiniProgram and SignIn return pages of the host's console that letters
	// lead to; "" for none. Default: no link.
	Request     func(r id.Request) string
	MiniProgram func(p id.MiniProgram) string
	SignIn      func(w id.Workspace) string
	// Contact returns where an account reads mail, and in which languages: the
	// library knows neither. An Email of "" means that no letter reaches him. Default: a
	// member gets his letters at the address that he was invited by, and who only submitted
	// a request gets none. After an error the event is to come again.
	Contact func(ctx context.Context, a id.Account) (Contact, error)
	// Languages returns what people of a workspace read, best first, where nothing is
	// known of the receiver himself: for invitees above all. Default: English.
	Languages func(ctx context.Context, w id.Workspace) ([]language.Tag, error)
	// Brand is how letters look. BrandOf returns a tenant's own instead. Default: the
	// name of From, and no more.
	Brand   Brand
	BrandOf func(ctx context.Context, tenant id.Workspace) (Brand, error)
	// Maker writes the letters. Default: NewMaker(nil).
	Maker *Maker
}

// A Contact is where an account reads mail.
type Contact struct {
	Address
	// Languages are what he reads, best first. Default: those of Options.Languages.
	Languages []language.Tag
}

// A Sender sends the letters that events call for. It is safe for concurrent use.
type Sender struct {
	platform *superapp.Platform
	mailer   Mailer
	options  Options
	sent     ledger
}

// letters is who looks things up and makes links: the platform operator.
var letters = rbac.System("letters")

// New returns a sender over a platform. Errors: a *fault.InvalidError for options
// that are missing or malformed.
func New(p *superapp.Platform, m Mailer, o Options) (*Sender, error) {
	var problems fault.Problems
	if o.Invitation == nil {
		problems.Add("invitation", "required", "want a function that makes the link of an invitation")
	}
	o.From.Name = clean(o.From.Name, maxName)
	o.From.Email = text.Email(&problems, "from", o.From.Email)
	_, err := o.Brand.check(o.From.Name)
	if err := fault.Join(problems.Err(), err); err != nil {
		return nil, fmt.Errorf("letter: new: %w", err)
	}
	if o.Maker == nil {
		o.Maker = NewMaker(nil)
	}
	return &Sender{platform: p, mailer: m, options: o}, nil
}

// An outgoing letter knows whose brand it has.
type outgoing struct {
	Letter
	tenant id.Workspace
}

// Handle sends the letters that an event calls for: none for most events, and none
// where things have changed since, such as an invitation that was sent again or
// withdrawn meanwhile. Handed an event twice it sends the same letters twice, with the
// same Message-IDs.
//
// Every receiver is tried. An error that is [delivery.Permanent], of kind
// fault.ErrInvalid, says that to hand the event over again is of no use: every letter
// that was not sent was refused for good, or its address is none. After any other error
// it should be, whatever the functions of [Options] answered among them; those who got
// their letter do not get it again then, unless it is by another Sender.
func (s *Sender) Handle(ctx context.Context, e audit.Event) (err error) {
	defer fault.Wrap(&err, "letter: handle "+string(e.Verb))
	handle, known := s.handlers()[e.Verb]
	if !known {
		return nil
	}
	all, err := handle(ctx, e)
	if err != nil {
		return unlessGone(err)
	}
	var again, refused []error
	var sent []string
	for _, l := range all {
		m, err := s.write(ctx, e, l)
		if err == nil && !s.sent.has(m.ID) {
			err = s.mailer.Send(ctx, m)
		}
		switch {
		case err == nil:
			sent = append(sent, m.ID)
		case fault.KindOf(err) == fault.ErrInvalid && !fromHost(err):
			refused = append(refused, err)
		default:
			again = append(again, err)
		}
	}
	if again == nil && refused == nil {
		s.sent.drop(sent)
		return nil
	}
	s.sent.keep(sent)
	if again != nil {
		// Why alone: those that were refused will be so again, and must not tell
		// whoever delivers that to try again is of no use.
		return errors.Join(again...)
	}
	return delivery.Permanent(errors.Join(refused...))
}

// unlessGone drops errors that say that there is nothing to write about any more. What
// the host says, or the store of itself, never says that.
func unlessGone(err error) error {
	if fromHost(err) || strings.HasPrefix(fault.CodeOf(err), "storage.") {
		return err
	}
	switch fault.KindOf(err) {
	case fault.ErrNotFound, fault.ErrDenied, fault.ErrState:
		return nil
	}
	return err
}

// write writes one letter.
func (s *Sender) write(ctx context.Context, e audit.Event, l outgoing) (m Message, err error) {
	var p fault.Problems
	l.To.Email = text.Email(&p, "to", l.To.Email)
	if err := p.Err(); err != nil {
		return m, err
	}
	if len(l.Languages) == 0 && s.options.Languages != nil {
		if l.Languages, err = s.options.Languages(ctx, e.Workspace); err != nil {
			return m, &hostError{"what a workspace reads", err}
		}
	}
	brand := s.options.Brand
	if s.options.BrandOf != nil {
		if brand, err = s.options.BrandOf(ctx, l.tenant); err != nil {
			return m, &hostError{"a tenant's brand", err}
		}
	}
	if brand, err = brand.check(s.options.From.Name); err != nil {
		return m, &hostError{"a tenant's brand", err}
	}
	// Why the host's: what it refuses are the host's links; its layout may fail as well.
	if m, err = s.options.Maker.Make(l.Letter, brand); err != nil {
		return m, &hostError{"a letter's link or layout", err}
	}
	m.ID, m.At = s.messageID(e, l.To.Email), e.At
	m.From = Address{Name: brand.Name, Email: s.options.From.Email}
	return m, nil
}

// messageID makes the id of the letter about an event to an address. It tells
// neither to those who do not know both.
func (s *Sender) messageID(e audit.Event, to string) string {
	h := sha256.New()
	h.Write([]byte("superapp/letter/1"))
	h.Write(e.Hash[:])
	h.Write([]byte(to))
	_, domain, _ := strings.Cut(s.options.From.Email, "@")
	return hex.EncodeToString(h.Sum(nil)[:16]) + "@" + domain
}
