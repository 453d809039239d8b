package main

import (
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/superapp-go/superapp"
	"github.com/superapp-go/superapp/id"
	"github.com/superapp-go/superapp/member"
	"github.com/superapp-go/superapp/page"
	"github.com/superapp-go/superapp/rbac"
	"github.com/superapp-go/superapp/workspace"
)

// tell opens a tenant and sells it three seats.
func tell(ctx context.Context, h *host, out io.Writer) error {
	admin := rbac.User("ada")
	opened, _, err := h.platform.OpenTenant(ctx, rbac.System("onboarding"), superapp.Open{
		Name:     "Lake Wallet",
		Business: workspace.Business{Address: "1 Lake Lane", Scope: "payments", Representative: "Ada", Email: "ada@lake.example"},
		Admin:    member.First{Account: "ada", Name: "Ada"},
	})
	if err != nil {
		return err
	}
	w := opened.Workspace.ID
	paid := func() error { return nil }
	declined := func() error { return errors.New("the card was declined") }
	for _, scene := range []struct {
		title string
		order order
		pay   func() error
	}{
		{"A seat for dee@lake.example is sold: the order and the invitation are committed together.",
			order{w, "seat for dee", "dee@lake.example"}, paid},
		{"A seat for eve@lake.example: the card is declined after she was invited, and the host rolls back.",
			order{w, "seat for eve", "eve@lake.example"}, declined},
		{"Another seat for dee@lake.example: she is invited already, her second invitation is refused, and the order still stands.",
			order{w, "spare seat", "dee@lake.example"}, paid},
	} {
		fmt.Fprintln(out, scene.title)
		token, err := h.sell(ctx, admin, scene.order, scene.pay)
		switch {
		case err != nil:
			fmt.Fprintln(out, "  failed:", err)
		case token != "":
			fmt.Fprintln(out, "  sold, and a link was mailed")
		default:
			fmt.Fprintln(out, "  sold")
		}
		if err := show(ctx, h, admin, w, out); err != nil {
			return err
		}
	}
	return nil
}

// show prints what is stored.
func show(ctx context.Context, h *host, admin rbac.Actor, w id.Workspace, out io.Writer) error {
	orders, err := h.count(ctx, w)
	if err != nil {
		return err
	}
	invited, err := page.Collect(page.All(ctx, h.platform.Members.List, admin,
		member.Filter{Workspace: w, Statuses: []member.Status{member.StatusSent}}))
	if err != nil {
		return err
	}
	fmt.Fprintf(out, "  stored: %d orders; invited:", orders)
	for _, m := range invited {
		fmt.Fprintf(out, " %s", m.Email)
	}
	if len(invited) == 0 {
		fmt.Fprint(out, " nobody")
	}
	fmt.Fprintln(out)
	return nil
}
