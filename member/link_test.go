package member_test

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/superapp-go/superapp"
	"github.com/superapp-go/superapp/fault"
	"github.com/superapp-go/superapp/id"
	"github.com/superapp-go/superapp/internal/testkit"
	"github.com/superapp-go/superapp/member"
	"github.com/superapp-go/superapp/page"
	"github.com/superapp-go/superapp/rbac"
	"github.com/superapp-go/superapp/superapptest"
	"github.com/superapp-go/superapp/workspace"
)

// shop asks for a link that makes developers of the kit's merchant.
func shop(k *superapptest.Kit, change ...func(*member.NewLink)) member.NewLink {
	in := member.NewLink{Workspace: k.Merchant, Role: rbac.Developer, MiniPrograms: []id.MiniProgram{k.Shop}, Uses: 2}
	for _, c := range change {
		c(&in)
	}
	return in
}

// link makes one.
func link(t *testing.T, k *superapptest.Kit, change ...func(*member.NewLink)) (member.Link, member.Token) {
	t.Helper()
	l, token, err := k.Links.Create(t.Context(), merchantAdmin, shop(k, change...))
	require.NoError(t, err)
	return l, token
}

// getLink returns a link as the platform operator sees it.
func getLink(t *testing.T, k *superapptest.Kit, l id.Link) member.LinkDetails {
	t.Helper()
	d, err := k.Links.Get(t.Context(), system, l)
	require.NoError(t, err)
	return d
}

func TestLinkStatus(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 3, 1, 9, 0, 0, 0, time.UTC)
	for name, test := range map[string]struct {
		link member.Link
		want member.LinkStatus
	}{
		"usable":                {member.Link{MaxUses: 2, Uses: 1, ExpiresAt: now.Add(1)}, member.LinkUsable},
		"expired to the moment": {member.Link{MaxUses: 2, Uses: 1, ExpiresAt: now}, member.LinkExpired},
		"used up":               {member.Link{MaxUses: 2, Uses: 2, ExpiresAt: now.Add(1)}, member.LinkUsedUp},
		"used up and expired":   {member.Link{MaxUses: 2, Uses: 2, ExpiresAt: now}, member.LinkUsedUp},
		"revoked":               {member.Link{MaxUses: 2, Uses: 2, ExpiresAt: now, RevokedAt: now}, member.LinkRevoked},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			require.Equal(t, test.want, test.link.Status(now))
		})
	}
	require.Empty(t, member.OpenLinkActions(member.LinkUsedUp))
	require.Empty(t, member.OpenLinkActions(member.LinkRevoked))
}

func TestLinkLetsInAsManyAsItSays(t *testing.T) {
	t.Parallel()
	testkit.OnStores(t, superapptest.Options{}, func(t *testing.T, k *superapptest.Kit) {
		l, token := link(t, k)
		require.Equal(t, 2, l.MaxUses)
		require.Equal(t, k.Clock.Now().Add(72*time.Hour), l.ExpiresAt, "as long as an invitation by mail")
		for _, handle := range []string{"ann", "bo"} {
			a := superapptest.Person(handle)
			m, err := k.Links.Accept(t.Context(), token, a, " "+handle+" ")
			require.NoError(t, err)
			stored := get(t, k, m.ID)
			require.Equal(t, m, stored.Member)
			require.Equal(t, member.StatusActive, stored.Status)
			require.Equal(t, []any{handle, a.ID, a.Email, rbac.Developer}, []any{m.Name, m.Account, m.Email, m.Role})
			require.NoError(t, k.Access.Check(t.Context(), rbac.User(a.ID), rbac.UploadVersion, rbac.OnMiniProgram(k.Shop)))
			_, err = k.Members.Block(t.Context(), merchantAdmin, m.ID, "")
			require.NoError(t, err, "he is like any other from then on")
		}
		_, err := k.Links.Accept(t.Context(), token, superapptest.Person("cy"), "Cy")
		require.ErrorIs(t, err, member.ErrTokenUsedUp)
		d := getLink(t, k, l.ID)
		require.Equal(t, []any{2, member.LinkUsedUp}, []any{d.Uses, d.Status})
		require.Empty(t, d.Actions)
	})
}

func TestLinkOfWhatCannotBe(t *testing.T) {
	t.Parallel()
	k := kit(t, nil)
	for name, test := range map[string]struct {
		change func(*member.NewLink)
		want   string
	}{
		"an unknown role":           {func(in *member.NewLink) { in.Role = "emperor" }, "role"},
		"a role of another place":   {func(in *member.NewLink) { in.Role = rbac.WorkspaceReviewer }, "role"},
		"no mini program":           {func(in *member.NewLink) { in.MiniPrograms = nil }, "mini_programs"},
		"an unknown mini program":   {func(in *member.NewLink) { in.MiniPrograms = []id.MiniProgram{{UUID: unknown()}} }, "mini_programs[0]"},
		"too many mini programs":    {func(in *member.NewLink) { in.MiniPrograms = make([]id.MiniProgram, member.MaxPrograms+1) }, "mini_programs"},
		"less than no use":          {func(in *member.NewLink) { in.Uses = -1 }, "uses"},
		"too many uses":             {func(in *member.NewLink) { in.Uses = member.MaxLinkUses + 1 }, "uses"},
		"too short":                 {func(in *member.NewLink) { in.Validity = member.MinValidity - 1 }, "validity"},
		"too long":                  {func(in *member.NewLink) { in.Validity = member.MaxValidity + 1 }, "validity"},
		"a domain that is none":     {func(in *member.NewLink) { in.Domains = []string{"a.example", "people@b.example"} }, "domains[1]"},
		"a domain in invalid UTF-8": {func(in *member.NewLink) { in.Domains = []string{"\xff.example"} }, "domains[0]"},
		"an empty domain":           {func(in *member.NewLink) { in.Domains = []string{""} }, "domains[0]"},
		"too many domains": {func(in *member.NewLink) {
			in.Domains = strings.Fields(strings.Repeat("a.example ", member.MaxLinkDomains+1))
		}, "domains"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			l, token, err := k.Links.Create(t.Context(), merchantAdmin, shop(k, test.change))
			invalid, ok := errorAs[*fault.InvalidError](err)
			require.True(t, ok, "err = %v", err)
			require.Equal(t, test.want, invalid.Problems[0].Field)
			require.Zero(t, l)
			require.Zero(t, token)
		})
	}
}

func TestLinkDomainsAreNormalised(t *testing.T) {
	t.Parallel()
	k := kit(t, nil)
	l, token := link(t, k, func(in *member.NewLink) {
		in.Domains = []string{" Bücher.example", "PEOPLE.example", "xn--bcher-kva.example"}
	})
	require.Equal(t, []string{"people.example", "xn--bcher-kva.example"}, l.Domains)
	in, err := k.Links.Inspect(t.Context(), token)
	require.NoError(t, err)
	require.Equal(t, l.Domains, in.Domains)
	_, err = k.Links.Accept(t.Context(), token, member.Account{ID: "ann", Email: "Ann@bücher.example", EmailVerified: true}, "Ann")
	require.NoError(t, err)
}

func TestLinkRefusesAndSpendsNothing(t *testing.T) {
	t.Parallel()
	person := superapptest.Person("dee")
	unverified := member.Account{ID: "dee", Email: "dee@people.example"}
	domain := func(d string) func(*member.NewLink) { return func(in *member.NewLink) { in.Domains = []string{d} } }
	none := func(*member.NewLink) {}
	for name, test := range map[string]struct {
		policy  member.Recipient
		change  func(*member.NewLink)
		prepare func(*testing.T, *superapptest.Kit)
		account member.Account
		want    error
	}{
		"an e-mail that is not verified":                       {member.InvitedEmail, none, nil, unverified, member.ErrEmailNotVerified},
		"an e-mail that is not verified, of any":               {member.UnsafeAnyVerifiedEmail, none, nil, unverified, member.ErrEmailNotVerified},
		"an e-mail that is not verified, of a domain":          {member.UnsafeAnyAccount, domain("people.example"), nil, unverified, member.ErrEmailNotVerified},
		"an e-mail of another domain":                          {member.UnsafeAnyAccount, domain("other.example"), nil, person, member.ErrOtherDomain},
		"an e-mail of a domain below":                          {member.InvitedEmail, domain("le.example"), nil, person, member.ErrOtherDomain},
		"an e-mail of the domain above":                        {member.InvitedEmail, domain("sub.people.example"), nil, person, member.ErrOtherDomain},
		"a member":                                             {member.InvitedEmail, none, func(t *testing.T, k *superapptest.Kit) { become(t, k, member.StatusActive) }, person, member.ErrAlreadyMember},
		"a blocked member":                                     {member.InvitedEmail, none, func(t *testing.T, k *superapptest.Kit) { become(t, k, member.StatusInactive) }, person, member.ErrAlreadyMember},
		"a member's e-mail":                                    {member.InvitedEmail, none, func(t *testing.T, k *superapptest.Kit) { become(t, k, member.StatusActive) }, member.Account{ID: "d", Email: person.Email, EmailVerified: true}, member.ErrAlreadyMember},
		"somebody who is invited":                              {member.InvitedEmail, none, func(t *testing.T, k *superapptest.Kit) { become(t, k, member.StatusSent) }, person, member.ErrInvitedByMail},
		"an account that cannot be":                            {member.InvitedEmail, none, nil, member.Account{}, id.ErrAccount},
		"a verified e-mail that is none":                       {member.UnsafeAnyAccount, none, nil, member.Account{ID: "d", Email: "dee", EmailVerified: true}, fault.ErrInvalid},
		"when the maker is blocked":                            {member.InvitedEmail, none, func(t *testing.T, k *superapptest.Kit) { demote(t, k, true) }, person, member.ErrSenderNotEntitled},
		"when the maker is no admin any more":                  {member.InvitedEmail, none, func(t *testing.T, k *superapptest.Kit) { demote(t, k, false) }, person, member.ErrSenderNotEntitled},
		"into a disabled workspace":                            {member.InvitedEmail, none, disable(func(k *superapptest.Kit) id.Workspace { return k.Merchant }), person, member.ErrWorkspaceClosed},
		"into a workspace of a disabled tenant":                {member.InvitedEmail, none, disable(func(k *superapptest.Kit) id.Workspace { return k.Tenant }), person, member.ErrWorkspaceClosed},
		"when it has expired":                                  {member.InvitedEmail, none, func(_ *testing.T, k *superapptest.Kit) { k.Clock.Advance(72 * time.Hour) }, person, member.ErrTokenExpired},
		"a member of the merchant under another e-mail of his": {member.InvitedEmail, none, func(t *testing.T, k *superapptest.Kit) { become(t, k, member.StatusActive) }, member.Account{ID: person.ID, Email: "new@people.example", EmailVerified: true}, member.ErrAlreadyMember},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			testkit.OnStores(t, superapptest.Options{Platform: superapp.Options{Members: &member.Options{Recipient: test.policy}}}, func(t *testing.T, k *superapptest.Kit) {
				l, token := link(t, k, test.change)
				if test.prepare != nil {
					test.prepare(t, k)
				}
				before := all(t, k)
				m, err := k.Links.Accept(t.Context(), token, test.account, "Dee")
				require.ErrorIs(t, err, test.want)
				require.Zero(t, m)
				require.Equal(t, before, all(t, k))
				require.Zero(t, getLink(t, k, l.ID).Uses)
			})
		})
	}
}

// demote makes another admin, and of the one who makes the links no admin.
func demote(t *testing.T, k *superapptest.Kit, block bool) {
	t.Helper()
	k.Join(rbac.DeveloperAdmin, "second")
	var err error
	if block {
		_, err = k.Members.Block(t.Context(), system, k.Member(rbac.DeveloperAdmin).ID, "")
	} else {
		_, err = k.Members.SetRole(t.Context(), system, k.Member(rbac.DeveloperAdmin).ID, member.SetRole{Role: rbac.Developer, MiniPrograms: []id.MiniProgram{k.Shop}})
	}
	require.NoError(t, err)
}

func disable(which func(*superapptest.Kit) id.Workspace) func(*testing.T, *superapptest.Kit) {
	return func(t *testing.T, k *superapptest.Kit) {
		require.NoError(t, k.Workspaces.SetStatus(t.Context(), system, which(k), workspace.Disabled, "unpaid"))
	}
}

func TestLinkTakesWhoMayCome(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		prepare func(*testing.T, *superapptest.Kit)
		account member.Account
		email   string
	}{
		"an account without an e-mail, where any may come": {nil, member.Account{ID: "dee"}, ""},
		"an e-mail that is not verified is not his":        {nil, member.Account{ID: "dee", Email: "dee@people.example"}, ""},
		"whose invitation has expired, which ends": {func(t *testing.T, k *superapptest.Kit) { become(t, k, member.StatusExpired) },
			superapptest.Person("dee"), "dee@people.example"},
		"who was deleted":                 {func(t *testing.T, k *superapptest.Kit) { become(t, k, member.StatusDeleted) }, superapptest.Person("dee"), "dee@people.example"},
		"though the mini program is gone": {func(t *testing.T, k *superapptest.Kit) { archive(t, k, k.Shop) }, superapptest.Person("dee"), "dee@people.example"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			testkit.OnStores(t, superapptest.Options{Platform: superapp.Options{Members: &member.Options{Recipient: member.UnsafeAnyAccount}}}, func(t *testing.T, k *superapptest.Kit) {
				l, token := link(t, k, func(in *member.NewLink) { in.Validity = member.MaxValidity })
				if test.prepare != nil {
					test.prepare(t, k)
				}
				m, err := k.Links.Accept(t.Context(), token, test.account, "Dee")
				require.NoError(t, err)
				require.Equal(t, test.email, m.Email)
				require.Equal(t, l.Programs, get(t, k, m.ID).Programs)
				listed, err := k.Members.List(t.Context(), system, member.Filter{Workspace: k.Merchant, Email: "dee@people.example"}, page.Request{})
				require.NoError(t, err)
				if test.email != "" {
					require.Len(t, listed.Items, 1, "of one e-mail one record is open")
				}
			})
		})
	}
}

func TestLinkValidityIsAsTheTenantAllows(t *testing.T) {
	t.Parallel()
	k := kit(t, nil)
	day := 24 * time.Hour
	_, err := k.Workspaces.SetSettings(t.Context(), tenantAdmin, k.Tenant, workspace.Settings{Validity: day})
	require.NoError(t, err)
	l, _ := link(t, k)
	require.Equal(t, day, l.Validity)
	_, _, err = k.Links.Create(t.Context(), merchantAdmin, shop(k, func(in *member.NewLink) { in.Validity = day + 1 }))
	require.ErrorIs(t, err, fault.ErrInvalid)
	_, err = k.Workspaces.SetSettings(t.Context(), tenantAdmin, k.Tenant, workspace.Settings{Validity: time.Hour})
	require.NoError(t, err)
	l, _, err = k.Links.Renew(t.Context(), merchantAdmin, l.ID)
	require.NoError(t, err)
	require.Equal(t, k.Clock.Now().Add(time.Hour), l.ExpiresAt)
}
