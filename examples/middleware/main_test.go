package main

import (
	"bytes"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"regexp"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/superapp-go/superapp/id"
	"github.com/superapp-go/superapp/rbac"
	"github.com/superapp-go/superapp/superapptest"
)

func TestRun(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	require.NoError(t, run(t.Context(), &out))
	story := regexp.MustCompile(`[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}`).ReplaceAllString(out.String(), "ID")
	for _, exchange := range []string{
		"nobody: GET /mini-programs/ID/actions\n  401 {\"code\":\"login\",",
		"mira: GET /mini-programs/ID/actions\n  200 {\"version.release\":true,\"version.upload\":true,\"version.view\":true}\n",
		"ada: GET /mini-programs/ID/actions\n  200 {\"version.release\":false,\"version.upload\":false,\"version.view\":true}\n",
		"ada: POST /mini-programs/ID/versions?number=1.0.0\n  403 {\"code\":\"rbac.denied\",\"reason\":\"out_of_scope\",\"remedy\":\"have the caller join ",
		"mira: POST /mini-programs/ID/versions?number=1.0.0\n  200 {\"number\":\"1.0.0\",\"status\":\"new\"}\n",
		"mira: POST /mini-programs/ID/versions?number=0.9.0\n  409 {\"code\":\"miniprogram.version_order\",",
		"eve: POST /mini-programs/ID/versions?number=6.6.6\n  404 {\"code\":\"miniprogram.not_found\",\"text\":\"no such mini program\"}\n",
		"mira: GET /mini-programs/ID/actions\n  404 {\"code\":\"miniprogram.not_found\",\"text\":\"no such mini program\"}\n",
		"}\ndenied: acc-ada version.upload (1)\n",
	} {
		require.Contains(t, story, exchange)
	}
}

// serve answers one request of Eve's for the actions on a mini program.
func serve(h http.Handler, shop string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(http.MethodGet, "/mini-programs/"+shop+"/actions", nil)
	r.Header.Set("Authorization", "Bearer eve")
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w
}

// Who is a member of nothing cannot tell a mini program that exists from one
// that does not.
func TestHiddenLooksLikeMissing(t *testing.T) {
	t.Parallel()
	k := superapptest.New(t, nil)
	hidden, missing := serve(routes(k.Platform), k.Shop.String()), serve(routes(k.Platform), id.New().String())
	require.Equal(t, http.StatusNotFound, hidden.Code)
	require.Equal(t, missing.Code, hidden.Code)
	require.Equal(t, missing.Body.String(), hidden.Body.String())
	require.Equal(t, missing.Header(), hidden.Header())
}

func TestMalformedIDIsABadRequest(t *testing.T) {
	t.Parallel()
	require.Equal(t, http.StatusBadRequest, serve(routes(superapptest.Empty(t, nil).Platform), "shop").Code)
}

// A blocked member knows of the mini program: he is told why, from the next
// request on.
func TestBlockedIsToldWhy(t *testing.T) {
	t.Parallel()
	k := superapptest.New(t, nil)
	eve := k.Join(rbac.Developer, "eve") // her account is acc-eve
	require.Equal(t, http.StatusOK, serve(routes(k.Platform), k.Shop.String()).Code)

	_, err := k.Members.Block(t.Context(), k.As(rbac.DeveloperAdmin), eve.ID, "left the company")
	require.NoError(t, err)
	w := serve(routes(k.Platform), k.Shop.String())
	require.Equal(t, http.StatusForbidden, w.Code)
	var problem map[string]string
	require.NoError(t, json.Unmarshal(w.Body.Bytes(), &problem))
	require.Equal(t, rbac.MemberBlocked.String(), problem["reason"])
	require.Equal(t, "unblock the member", problem["remedy"])
}

// A server that fails says nothing of why.
func TestFailureIsNotTold(t *testing.T) {
	t.Parallel()
	k := superapptest.New(t, nil)
	w := serve(routes(k.FailAt(1)), k.Shop.String())
	require.Equal(t, http.StatusServiceUnavailable, w.Code)
	require.Contains(t, w.Body.String(), "something went wrong")
	require.NotContains(t, w.Body.String(), "the test wants it")
}
