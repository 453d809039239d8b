package main

import (
	"context"
	"errors"
	"time"

	"github.com/google/uuid"

	"github.com/superapp-go/superapp/id"
	"github.com/superapp-go/superapp/member"
	"github.com/superapp-go/superapp/rbac"
)

// An order is a row of the host's.
type order struct {
	workspace id.Workspace
	item      string
	// email is whom the seat is for.
	email string
}

// sell stores an order and invites whom it is for, in one transaction, and
// returns the token to mail to him. It runs the whole transaction again when the
// database asks for it: a unit that is part of it cannot run again alone.
func (h *host) sell(ctx context.Context, admin rbac.Actor, o order, pay func() error) (member.Token, error) {
	for pause := 5 * time.Millisecond; ; pause *= 2 {
		token, err := h.trySell(ctx, admin, o, pay)
		if !h.retryable(err) || pause > time.Second {
			return token, err
		}
		time.Sleep(pause)
	}
}

func (h *host) trySell(ctx context.Context, admin rbac.Actor, o order, pay func() error) (member.Token, error) {
	tx, err := h.db.BeginTx(ctx, h.options)
	if err != nil {
		return "", err
	}
	// After a commit this does nothing. After an error, above all after
	// storage.ErrTxLost, no statement goes before it.
	defer tx.Rollback()

	if _, err := tx.ExecContext(ctx, h.sql("INSERT INTO orders (id, workspace, item) VALUES (?, ?, ?)"),
		uuid.NewString(), o.workspace.String(), o.item); err != nil {
		return "", err
	}
	_, token, err := h.platform.With(h.bind(tx)).Members.Invite(ctx, admin, member.Invite{
		Workspace: o.workspace, Email: o.email, Name: o.email, Role: rbac.WorkspaceReviewer,
	})
	switch {
	case errors.Is(err, member.ErrPresent):
		// The refused unit left nothing, and the transaction goes on: he has a
		// seat already, and this one is kept for somebody else.
		token = ""
	case err != nil:
		return "", err
	}
	if err := pay(); err != nil {
		return "", err
	}
	return token, tx.Commit()
}

// count returns how many orders the host has of a workspace.
func (h *host) count(ctx context.Context, w id.Workspace) (n int, err error) {
	err = h.db.QueryRowContext(ctx, h.sql("SELECT count(*) FROM orders WHERE workspace = ?"), w.String()).Scan(&n)
	return n, err
}
