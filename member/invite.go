package member

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/superapp-go/superapp/audit"
	"github.com/superapp-go/superapp/fault"
	"github.com/superapp-go/superapp/id"
	"github.com/superapp-go/superapp/internal/text"
	"github.com/superapp-go/superapp/rbac"
	"github.com/superapp-go/superapp/unit"
	"github.com/superapp-go/superapp/workspace"
)

// MaxName is the greatest length of a member's name, in characters.
const MaxName = 64

// An Invite asks somebody into a workspace (M1).
type Invite struct {
	// Workspace is where he is invited to.
	Workspace id.Workspace
	// Email is the address the invitation goes to; it is stored folded.
	Email string
	// Name is what he is called, 1 to 64 characters.
	Name string
	// Role is a role of that kind of workspace, or the code of an own one (M15).
	Role rbac.Role
	// MiniPrograms are assigned to him, as the role allows or demands: see
	// rbac.Assignment.
	MiniPrograms []id.MiniProgram
}

// Invite sends one invitation: it returns the record, whose status is
// invitation_sent, and the token, which is not to be had again; "" if letters take
// it (Options.Letters). The caller needs
// member.invite and may grant no more than he holds (M12).
//
// Errors: *fault.InvalidError; a *[PresentError] if the e-mail is a member's or
// invited already (an expired invitation is replaced instead: the old one is
// withdrawn, M6); a *[CeilingError].
func (s *Service) Invite(ctx context.Context, actor rbac.Actor, in Invite) (m Member, t Token, err error) {
	defer fault.Wrap(&err, "member: invite")
	verdicts, tokens, err := s.invite(ctx, actor, in.Workspace, []Invite{in}, false)
	if err != nil {
		if b, ok := errors.AsType[*BatchError](err); ok {
			return m, "", b.Verdicts[0].Err
		}
		return m, "", err
	}
	return verdicts[0].Member, tokens[0], nil
}

// An invitee is one person of a batch on his way.
type invitee struct {
	Member
	programs []id.MiniProgram
	token    Token
	hash     [32]byte
	err      error
}

func (s *Service) invite(ctx context.Context, actor rbac.Actor, w id.Workspace, in []Invite, bestEffort bool) ([]Verdict, []Token, error) {
	fresh := make([]invitee, len(in))
	for i, x := range in {
		fresh[i] = s.newInvitee(x, w)
	}
	var (
		verdicts []Verdict
		tokens   []Token
	)
	on := rbac.OnWorkspace(w)
	err := s.store.Update(ctx, unit.On(actor, on), func(ctx context.Context, tx Tx) error {
		facts, err := s.env.Authorize(ctx, tx, actor, rbac.InviteMember, on, workspace.ErrNotFound)
		if err != nil {
			return err
		}
		now := s.env.Now()
		found, err := tx.Lookup(ctx, lookupFor(facts.Owner, fresh))
		if err != nil {
			return err
		}
		settings := s.settings(&found)
		if err := checkSize(len(fresh), settings.MaxBatch); err != nil {
			return err
		}
		verdicts, tokens = make([]Verdict, len(fresh)), make([]Token, len(fresh))
		batch := invitation{service: s, actor: actor, facts: facts, found: found, validity: settings.Validity, now: now}
		failed, known := false, recall(tx)
		for i := range fresh {
			f := fresh[i]
			replaced, err := batch.decide(ctx, known, &f)
			if err != nil {
				if !isVerdict(err) {
					return err
				}
				verdicts[i].Err, failed = err, true
				continue
			}
			if err := batch.send(ctx, tx, f, replaced); err != nil {
				return err
			}
			verdicts[i].Member, tokens[i] = f.Member, f.token
		}
		if failed && !bestEffort {
			for i := range verdicts {
				verdicts[i].Member = Member{}
			}
			return &BatchError{Verdicts: verdicts}
		}
		return nil
	})
	if err != nil {
		return nil, nil, err
	}
	return verdicts, tokens, nil
}

// isVerdict tells what the rules say of an invitee from what a store says of
// itself.
func isVerdict(err error) bool {
	switch fault.KindOf(err) {
	case fault.ErrInvalid, fault.ErrExists, fault.ErrDenied:
		return true
	}
	return errors.Is(err, ErrFirstAdmin)
}

// newInvitee makes what does not depend on the store: id, token, and the check
// of what was written.
func (s *Service) newInvitee(in Invite, w id.Workspace) invitee {
	var p fault.Problems
	f := invitee{programs: in.MiniPrograms}
	f.ID = id.Member{UUID: s.env.NewID()}
	f.token, f.hash = s.sendToken()
	f.Workspace, f.State, f.Role = w, Invited, in.Role
	f.Name = text.Line(&p, "name", in.Name, 1, MaxName)
	f.NameKey = text.Fold(f.Name)
	f.Email = text.Email(&p, "email", in.Email)
	if !in.Workspace.IsZero() && in.Workspace != w {
		p.Add("workspace", "not_allowed", "all invitees of a batch are invited to its one workspace")
	}
	if len(in.MiniPrograms) > MaxPrograms {
		p.Add("mini_programs", "too_long", fmt.Sprintf("want at most %d, got %d", MaxPrograms, len(in.MiniPrograms)))
		f.programs = nil
	}
	f.err = p.Err()
	return f
}

func lookupFor(w id.Workspace, fresh []invitee) Lookup {
	l := Lookup{Workspace: w, Admins: true, Settings: true}
	for _, f := range fresh {
		if f.err == nil {
			l.Emails = append(l.Emails, f.Email)
			l.Programs = append(l.Programs, f.programs...)
		}
	}
	return l
}

// An invitation is what a batch is decided from.
type invitation struct {
	service *Service
	actor   rbac.Actor
	facts   rbac.Facts
	found   Found
	// validity is how long what is sent is valid.
	validity time.Duration
	now      time.Time
	sent     []Member
}

// decide completes the invitee, or says why he is not invited. It returns the
// expired invitation that this one replaces, if there is one.
func (v *invitation) decide(ctx context.Context, r Reader, f *invitee) (replaced *Member, err error) {
	if f.err != nil {
		return nil, f.err
	}
	var p fault.Problems
	info, ok, err := v.service.role(ctx, r, &p, f.Role, v.facts)
	if err != nil {
		return nil, err
	}
	if ok {
		f.Programs = assign(&p, info, v.facts.Owner, v.facts.Tenant, f.programs, v.found.Programs, nil)
	}
	if err := p.Err(); err != nil {
		return nil, err
	}
	if replaced, err = v.conflict(f.Email); err != nil {
		return nil, err
	}
	if replaced != nil {
		if err := v.service.ceiling(ctx, r, v.actor, v.facts, replaced.Role, replaced.Programs); err != nil {
			return nil, err
		}
	}
	if err := v.service.ceiling(ctx, r, v.actor, v.facts, f.Role, f.Programs); err != nil {
		return nil, err
	}
	f.Tenant, f.CreatedAt, f.UpdatedAt = v.facts.Tenant, v.now, v.now
	f.Invitation = Invitation{
		SentAt: v.now, ExpiresAt: v.now.Add(v.validity), Generation: 1, Sender: v.actor.Account(),
	}
	return replaced, nil
}

// conflict finds the open record with the e-mail: an expired invitation to be
// replaced, or a conflict (M6).
func (v *invitation) conflict(email string) (*Member, error) {
	for _, sent := range v.sent {
		if sent.Email == email {
			return nil, &PresentError{Status: sent.Status(v.now), Member: sent.ID}
		}
	}
	for i := range v.found.Open {
		m := &v.found.Open[i]
		if m.Email != email {
			continue
		}
		switch {
		case m.Status(v.now) != StatusExpired:
			return nil, &PresentError{Status: m.Status(v.now), Member: m.ID}
		case m.First && v.found.Admins == 0:
			return nil, ErrFirstAdmin
		}
		return m, nil
	}
	return nil, nil
}

// send stores the invitation, its token and what it replaces.
func (v *invitation) send(ctx context.Context, tx Tx, f invitee, replaced *Member) error {
	if replaced != nil {
		if err := save(ctx, tx, v.actor, EventWithdrawn, "replaced by a new invitation", *replaced, replaced.end(Withdrawn, v.now)); err != nil {
			return err
		}
	}
	v.sent = append(v.sent, f.Member)
	return insert(ctx, tx, v.actor, EventInvited, f.Member, f.hash)
}

// insert stores a new member, the token of his invitation if there is one, and
// the event.
func insert(ctx context.Context, tx Tx, actor rbac.Actor, verb audit.Verb, m Member, hash [32]byte) error {
	if err := tx.InsertMember(ctx, m); err != nil {
		return err
	}
	if m.State == Invited {
		if err := keepToken(ctx, tx, hash, m); err != nil {
			return err
		}
	}
	return audit.Append(ctx, tx, audit.Entry{
		Workspace: m.Workspace, Verb: verb, Object: rbac.OnMember(m.ID), Actor: actor, At: m.UpdatedAt, After: m,
	})
}
