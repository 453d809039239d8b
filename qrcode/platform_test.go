package qrcode_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/superapp-go/superapp/miniprogram"
	"github.com/superapp-go/superapp/page"
	"github.com/superapp-go/superapp/qrcode"
	"github.com/superapp-go/superapp/rbac"
	"github.com/superapp-go/superapp/superapptest"
)

// TestPlatform runs the verbs on a real store, where every unit runs twice.
func TestPlatform(t *testing.T) {
	t.Parallel()
	k := superapptest.New(t, nil)
	actor := k.As(rbac.DeveloperAdmin)
	in := menu
	in.MiniProgram = k.Shop
	code, err := k.QRCodes.Define(t.Context(), actor, in)
	require.NoError(t, err)
	got, err := k.QRCodes.Get(t.Context(), k.As(rbac.WorkspaceAdmin), code.ID)
	require.NoError(t, err)
	require.Equal(t, code, got)
	codes, err := k.QRCodes.List(t.Context(), actor, qrcode.Filter{MiniProgram: k.Shop}, page.Request{})
	require.NoError(t, err)
	require.Len(t, codes.Items, 2, "the default one and this one")
	require.Equal(t, code, codes.Items[1])

	in.MiniProgram = k.App
	_, err = k.QRCodes.Define(t.Context(), actor, in)
	require.ErrorIs(t, err, miniprogram.ErrNotFound)
	_, err = k.QRCodes.Get(t.Context(), k.As(rbac.Developer), code.ID)
	require.ErrorIs(t, err, rbac.ErrDenied)
}
