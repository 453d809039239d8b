package member

import (
	"context"

	"github.com/superapp-go/superapp/fault"
	"github.com/superapp-go/superapp/id"
	"github.com/superapp-go/superapp/rbac"
	"github.com/superapp-go/superapp/unit"
)

// Mint makes another token of an invitation that can be accepted, for the letter
// that takes it to the invitee. It is for the platform operator, and changes
// nothing: every token of a sending is good for it, and all of them end together.
// generation is the sending that the letter is about, as Invitation.Generation
// counts: a letter that comes late is not to carry the link of a later one. Each
// call leaves the hash of its token in the store.
//
// Errors: [unit.ErrOperatorOnly]; [ErrNotFound]; a *[StateError] unless the status
// is invitation_sent; [ErrTokenSuperseded] if it was sent again since; a
// *rbac.DeniedError in a workspace that is disabled or removed.
func (s *Service) Mint(ctx context.Context, actor rbac.Actor, m id.Member, generation int) (t Token, err error) {
	defer fault.Wrap(&err, "member: mint")
	if err := unit.OperatorOnly(actor); err != nil {
		return "", err
	}
	t, hash := newToken()
	on := rbac.OnMember(m)
	err = s.store.Update(ctx, unit.On(actor, on), func(ctx context.Context, tx Tx) error {
		if _, err := s.env.Authorize(ctx, tx, actor, rbac.InviteMember, on, ErrNotFound); err != nil {
			return err
		}
		found, err := tx.Member(ctx, m)
		if err != nil {
			return err
		}
		if err := found.may(ActionAccept, s.env.Now()); err != nil {
			return err
		}
		if found.Invitation.Generation != generation {
			return ErrTokenSuperseded
		}
		return tx.InsertToken(ctx, hash, m, generation)
	})
	if err != nil {
		return "", err
	}
	return t, nil
}

// sendToken makes the token that a verb returns when it sends an invitation: none
// if letters take it.
func (s *Service) sendToken() (Token, [32]byte) {
	if s.options.Letters {
		return "", [32]byte{}
	}
	return newToken()
}

// keepToken stores the hash of a token that was made; a letter makes its own.
func keepToken(ctx context.Context, tx Tx, hash [32]byte, m Member) error {
	if hash == [32]byte{} {
		return nil
	}
	return tx.InsertToken(ctx, hash, m.ID, m.Invitation.Generation)
}
