package rbac_test

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/superapp-go/superapp/id"
	"github.com/superapp-go/superapp/rbac"
)

// Outside the library permissions, scopes and reasons are names.
func TestNamesInJSON(t *testing.T) {
	t.Parallel()
	type words struct {
		P rbac.Permission
		S rbac.Scope
		R rbac.Reason
	}
	want := words{rbac.UploadVersion, rbac.InTenant, rbac.OutOfScope}
	text, err := json.Marshal(want)
	require.NoError(t, err)
	require.JSONEq(t, `{"P":"version.upload","S":"tenant","R":"out_of_scope"}`, string(text))
	var got words
	require.NoError(t, json.Unmarshal(text, &got))
	require.Equal(t, want, got)
	for _, bad := range []string{`{"P":"x"}`, `{"S":"x"}`, `{"R":"x"}`} {
		require.Error(t, json.Unmarshal([]byte(bad), &got), bad)
	}
	_, err = json.Marshal(rbac.FirstHostPermission)
	require.ErrorIs(t, err, rbac.ErrPermission, "a host's own permission has no name without its matrix")
}

func TestDecisionInJSON(t *testing.T) {
	t.Parallel()
	f := rbac.Facts{
		Found: true, OwnerStatus: rbac.Verified, TenantStatus: rbac.Verified,
		Home: rbac.Membership{Presence: rbac.Blocked, Role: rbac.DeveloperAdmin.Key()},
	}
	text, err := json.Marshal(rbac.BuiltIn().Decide(rbac.User("dee"), f, rbac.InviteMember))
	require.NoError(t, err)
	require.JSONEq(t, `{"allowed":false,"permission":"member.invite","reason":"member_blocked",
		"why":"the member is blocked","remedy":"unblock the member"}`, string(text))
	f.Home.Presence = rbac.Active
	text, err = json.Marshal(rbac.BuiltIn().Decide(rbac.User("dee"), f, rbac.InviteMember))
	require.NoError(t, err)
	require.JSONEq(t, `{"allowed":true,"permission":"member.invite","reason":"role",
		"why":"role developer_admin grants it in the whole workspace"}`, string(text))
}

func TestHidden(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		facts  rbac.Facts
		hidden bool
	}{
		"no such object":      {rbac.Facts{}, true},
		"a stranger's":        {rbac.Facts{Found: true, OwnerStatus: rbac.Verified, TenantStatus: rbac.Verified}, true},
		"of a blocked member": {rbac.Facts{Found: true, OwnerStatus: rbac.Verified, TenantStatus: rbac.Verified, Home: rbac.Membership{Presence: rbac.Blocked}}, false},
		"of a lesser role":    {rbac.Facts{Found: true, OwnerStatus: rbac.Verified, TenantStatus: rbac.Verified, Home: rbac.Membership{Presence: rbac.Active, Role: rbac.Operator.Key()}}, false},
	} {
		denied, ok := errors.AsType[*rbac.DeniedError](rbac.BuiltIn().Decide(rbac.User("dee"), tt.facts, rbac.InviteMember).Err())
		require.True(t, ok, name)
		require.Equal(t, tt.hidden, denied.Hidden(), name)
	}
}

func TestRow(t *testing.T) {
	t.Parallel()
	r, ok := rbac.BuiltIn().Row(rbac.UploadVersion)
	require.True(t, ok)
	require.Equal(t, "version.upload", r.Name)
	require.Equal(t, rbac.Assigned, r.Scope(rbac.Developer))
	_, ok = rbac.BuiltIn().Row(rbac.FirstHostPermission)
	require.False(t, ok)
}

func TestActorValidate(t *testing.T) {
	t.Parallel()
	ok := rbac.User("dee")
	require.NoError(t, ok.WithRequest(strings.Repeat("r", rbac.MaxRequest)).OnBehalfOf("ann").Validate())
	for name, tt := range map[string]struct {
		actor rbac.Actor
		want  error
	}{
		"nobody":                      {rbac.Actor{}, id.ErrAccount},
		"no account":                  {rbac.User(""), id.ErrAccount},
		"a system without a name":     {rbac.System(""), id.ErrAccount},
		"on behalf of no account":     {ok.OnBehalfOf("a\nb"), id.ErrAccount},
		"a request id of two lines":   {ok.WithRequest("a\nb"), rbac.ErrRequest},
		"a request id that is long":   {ok.WithRequest(strings.Repeat("r", rbac.MaxRequest+1)), rbac.ErrRequest},
		"a request id that is broken": {ok.WithRequest("\xff"), rbac.ErrRequest},
	} {
		require.ErrorIs(t, tt.actor.Validate(), tt.want, name)
	}
}
