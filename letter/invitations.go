package letter

import (
	"context"
	"encoding/json"
	"slices"

	"github.com/superapp-go/superapp/audit"
	"github.com/superapp-go/superapp/id"
	"github.com/superapp-go/superapp/member"
	"github.com/superapp-go/superapp/page"
)

// invitation is for an invitation that was sent, or sent again. Its link is made
// here; nothing is sent unless it can be accepted.
func (s *Sender) invitation(ctx context.Context, e audit.Event) ([]outgoing, error) {
	var after member.Snapshot
	if err := decode(e, nil, &after); err != nil {
		return nil, err
	}
	who := id.Member{UUID: e.Object.ID}
	m, err := s.platform.Members.Get(ctx, letters, who)
	if err != nil || m.Status != member.StatusSent || m.Invitation.Generation != after.Generation {
		return nil, err
	}
	token, err := s.platform.Members.Mint(ctx, letters, who, after.Generation)
	if err != nil {
		return nil, err
	}
	in, err := s.platform.Members.Inspect(ctx, token)
	if err != nil || in.State != member.TokenOpen {
		return nil, err
	}
	l := outgoing{Letter{
		Kind: Invitation, To: Address{Name: m.Name, Email: m.Email}, Workspace: in.WorkspaceName, Inviter: in.Inviter,
		Role: in.Role, Until: in.ExpiresAt, Link: s.options.Invitation(token),
	}, m.Tenant}
	if e.Verb == member.EventResent {
		l.Kind = Resent
	}
	for _, p := range m.Assigned() {
		found, err := s.platform.MiniPrograms.Get(ctx, letters, p)
		if err != nil {
			return nil, err
		}
		l.MiniPrograms = append(l.MiniPrograms, found.Name)
	}
	return []outgoing{l}, nil
}

// withdrawn is for an invitation that is over before anybody accepted it. Whoever
// could not have accepted it any more is not told, nor who was invited anew.
func (s *Sender) withdrawn(ctx context.Context, e audit.Event) ([]outgoing, error) {
	var before member.Snapshot
	var person member.SnapshotPersonal
	if err := decode(e, &before, nil); err != nil {
		return nil, err
	}
	if err := decodePersonal(e, &person); err != nil {
		return nil, err
	}
	if person.Email == "" || before.State != member.Invited || !e.At.Before(before.ExpiresAt) {
		return nil, nil
	}
	w, err := s.workspace(ctx, e)
	if err != nil {
		return nil, err
	}
	if !w.removed {
		again, err := s.platform.Members.List(ctx, letters, member.Filter{Workspace: e.Workspace, Email: person.Email}, page.Request{})
		open := func(d member.Details) bool { return d.State.Open() }
		if err != nil || slices.ContainsFunc(again.Items, open) {
			return nil, err
		}
	}
	return []outgoing{{Letter{
		Kind: InvitationWithdrawn, To: Address{Name: person.Name, Email: person.Email}, Workspace: w.name,
	}, w.tenant}}, nil
}

// reset is for a member whose password somebody else changed.
func (s *Sender) reset(ctx context.Context, e audit.Event) ([]outgoing, error) {
	m, err := s.platform.Members.Get(ctx, letters, id.Member{UUID: e.Object.ID})
	if err != nil || m.State != member.Active {
		return nil, err
	}
	w, err := s.workspace(ctx, e)
	if err != nil {
		return nil, err
	}
	l := Letter{Kind: PasswordReset, Workspace: w.name}
	if s.options.SignIn != nil {
		l.Link = s.options.SignIn(e.Workspace)
	}
	return s.address(ctx, l, w.tenant, receiver{m.Account, Address{m.Name, m.Email}})
}

// decode reads the state before and after an event, each unless it is nil.
func decode(e audit.Event, before, after any) error {
	data, err := e.DecodeData()
	if err != nil {
		return err
	}
	if before != nil && data.Before != nil {
		if err := json.Unmarshal(data.Before, before); err != nil {
			return err
		}
	}
	if after != nil && data.After != nil {
		return json.Unmarshal(data.After, after)
	}
	return nil
}

// decodePersonal reads the personal data of the object before an event; it stays
// zero once erased.
func decodePersonal(e audit.Event, before any) error {
	personal, err := e.DecodePersonal()
	if err != nil || personal.Before == nil {
		return err
	}
	return json.Unmarshal(personal.Before, before)
}
