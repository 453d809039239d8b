package main

import (
	"bytes"
	"net/http"
	"net/http/httptest"
	"net/url"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/superapp-go/superapp/member"
	"github.com/superapp-go/superapp/rbac"
	"github.com/superapp-go/superapp/superapptest"
)

func TestRun(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	require.NoError(t, run(t.Context(), &out))
	for _, line := range []string{
		"The operator opens and verifies Riverbank Wallet.\n",
		"a mail goes to mira@bakery.example.\n",
		"a mail scanner: GET /join: 200 OK: Ada invites you to Corner Bakery as developer_admin\n",
		"Mira, with half a link: GET /join: 400 Bad Request: member.token_malformed: ",
		"Mira, not logged in: POST /join: 401 Unauthorized: ",
		"Eve, who was forwarded the mail: POST /join: 403 Forbidden: member.other_person: ",
		"  Mira: POST /join: 200 OK: Welcome, Mira!\n",
		"Mira, clicking twice: POST /join: 409 Conflict: member.token_spent: ",
		"Mira creates Fresh Bread and invites a developer; a mail goes to dee@bakery.example.\n",
		"  Dee: POST /join: 200 OK: Welcome, Dee!\n",
	} {
		require.Contains(t, out.String(), line)
	}
}

// serve answers one request to /join.
func serve(k *superapptest.Kit, method string, token member.Token, header http.Header) *httptest.ResponseRecorder {
	r := httptest.NewRequest(method, "/join?"+url.Values{"token": {token.Reveal()}}.Encode(), nil)
	r.Header = header
	w := httptest.NewRecorder()
	join(k.Platform).ServeHTTP(w, r)
	return w
}

func TestLookingChangesNothing(t *testing.T) {
	t.Parallel()
	k := superapptest.New(t, nil)
	before, token := k.Invite(rbac.Operator, "rey")
	for range 10 {
		w := serve(k, http.MethodGet, token, nil)
		require.Equal(t, http.StatusOK, w.Code)
		require.NotContains(t, w.Body.String(), token.Reveal())
	}
	after, err := k.Members.Get(t.Context(), superapptest.System, before.ID)
	require.NoError(t, err)
	require.Equal(t, before, after.Member)
}

func TestRefusals(t *testing.T) {
	t.Parallel()
	mira := http.Header{"Cookie": {"session=mira-cookie"}}
	for _, c := range []struct {
		name   string
		change func(k *superapptest.Kit, m member.Member) error
		status int
		code   string
	}{
		{"expired", func(k *superapptest.Kit, _ member.Member) error {
			k.Clock.Advance(member.MaxValidity)
			return nil
		}, http.StatusConflict, member.ErrTokenExpired.Code()},
		{"withdrawn", func(k *superapptest.Kit, m member.Member) error {
			_, err := k.Members.Withdraw(t.Context(), superapptest.System, m.ID)
			return err
		}, http.StatusConflict, member.ErrTokenWithdrawn.Code()},
		{"sent again", func(k *superapptest.Kit, m member.Member) error {
			k.Clock.Advance(time.Hour)
			_, _, err := k.Members.Resend(t.Context(), superapptest.System, m.ID)
			return err
		}, http.StatusConflict, member.ErrTokenSuperseded.Code()},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			k := superapptest.New(t, nil)
			m, token := k.Invite(rbac.DeveloperAdmin, "mo")
			require.NoError(t, c.change(k, m))
			for method, header := range map[string]http.Header{http.MethodGet: nil, http.MethodPost: mira} {
				w := serve(k, method, token, header)
				require.Equal(t, c.status, w.Code, method)
				require.Contains(t, w.Body.String(), c.code, method)
			}
		})
	}
}

// A form on another site, which the visitor's browser sends with his cookie,
// accepts nothing.
func TestOtherSitesCannotJoin(t *testing.T) {
	t.Parallel()
	k := superapptest.New(t, nil)
	_, token := k.Invite(rbac.Operator, "rey")
	w := serve(k, http.MethodPost, token, http.Header{"Cookie": {"session=mira-cookie"}, "Sec-Fetch-Site": {"cross-site"}})
	require.Equal(t, http.StatusForbidden, w.Code)
}

// A server that fails says nothing of why.
func TestFailureIsNotTold(t *testing.T) {
	t.Parallel()
	k := superapptest.New(t, nil)
	_, token := k.Invite(rbac.Operator, "rey")
	r := httptest.NewRequest(http.MethodGet, "/join?token="+token.Reveal(), nil)
	w := httptest.NewRecorder()
	join(k.FailAt(1)).ServeHTTP(w, r)
	require.Equal(t, http.StatusServiceUnavailable, w.Code)
	require.Equal(t, "something went wrong\n", w.Body.String())
}
