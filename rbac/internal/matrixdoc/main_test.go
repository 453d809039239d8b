package main

import (
	"os"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/superapp-go/superapp/rbac"
)

func TestPageIsCurrent(t *testing.T) {
	want, err := page(rbac.BuiltIn())
	require.NoError(t, err)
	got, err := os.ReadFile("../../../docs/matrix.md")
	require.NoError(t, err)
	require.Equal(t, string(want), string(got), "docs/matrix.md is out of date: run go generate ./rbac")
}
