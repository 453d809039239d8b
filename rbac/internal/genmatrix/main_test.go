package main

import (
	"os"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestGenerate(t *testing.T) {
	t.Parallel()

	t.Run("generated file is current", func(t *testing.T) {
		t.Parallel()
		tsv, err := os.ReadFile("../../testdata/matrix.tsv")
		require.NoError(t, err)
		want, err := generate(string(tsv))
		require.NoError(t, err)
		got, err := os.ReadFile("../../matrix_gen.go")
		require.NoError(t, err)
		require.Equal(t, string(want), string(got), "rbac/matrix_gen.go is out of date: run go generate ./rbac")
	})

	t.Run("short line is refused", func(t *testing.T) {
		t.Parallel()
		_, err := generate("area\tpermission\tmeaning\tadmin\tsource\na\tb.c\n")
		require.ErrorContains(t, err, "line 2: 2 columns, want 5")
	})

	t.Run("unknown scope is refused", func(t *testing.T) {
		t.Parallel()
		_, err := generate("area\tpermission\tmeaning\tadmin\tsource\na\tb.c\td\teverywhere\tx\n")
		require.ErrorContains(t, err, `b.c: unknown scope "everywhere"`)
	})
}

func TestGoName(t *testing.T) {
	t.Parallel()
	for permission, want := range map[string]string{
		"version.upload":           "UploadVersion",
		"member.role.set":          "SetMemberRole",
		"miniprogram.view":         "ViewMiniProgram",
		"qrcode.manage":            "ManageQRCode",
		"developer_workspace.view": "ViewDeveloperWorkspace",
	} {
		require.Equal(t, want, goName(permission))
	}
}
