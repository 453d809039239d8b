package main

import (
	"os"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/superapp-go/superapp/miniprogram"
)

func TestDocumentsAreCurrent(t *testing.T) {
	t.Parallel()
	all := miniprogram.Transitions()
	picture, err := draw(all)
	require.NoError(t, err)
	for name, want := range map[string][]byte{"transitions.md": page(all), "transitions.svg": picture} {
		got, err := os.ReadFile("../../../docs/" + name)
		require.NoError(t, err)
		require.True(t, string(want) == string(got), "docs/%s is out of date: run go generate ./miniprogram", name)
	}
}

func TestEveryMoveIsExplained(t *testing.T) {
	t.Parallel()
	for _, tr := range miniprogram.Transitions() {
		require.NotEmpty(t, tr.Move.Meaning(), tr.Move)
	}
}

func TestDrawRefusesAStatusWithoutAPlace(t *testing.T) {
	t.Parallel()
	_, err := draw([]miniprogram.Transition{{From: miniprogram.VersionNew, Move: miniprogram.MoveSubmit, To: "lost"}})
	require.ErrorContains(t, err, "lost has no place")
}
