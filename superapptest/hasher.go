package superapptest

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/hex"
	"strings"
	"sync/atomic"

	"github.com/superapp-go/superapp/fault"
	"github.com/superapp-go/superapp/signin"
)

// A Hasher is a signin.Hasher that costs nothing, and so protects nothing: for
// tests. It is safe for concurrent use; the zero value is ready.
type Hasher struct {
	// Version goes into hashes: one of a lower version is weaker.
	Version byte

	made atomic.Int64
}

// Computations counts the hashes that were made, be it to keep or to compare.
func (h *Hasher) Computations() int { return int(h.made.Load()) }

// Hash implements signin.Hasher.
func (h *Hasher) Hash(ctx context.Context, p signin.Password) (string, error) {
	salt := make([]byte, 8)
	rand.Read(salt)
	return h.compute(ctx, h.Version, salt, p)
}

// Verify implements signin.Hasher.
func (h *Hasher) Verify(ctx context.Context, hash string, p signin.Password) (ok, stale bool, err error) {
	if hash == "" {
		_, err := h.Hash(ctx, p)
		return false, false, err
	}
	data, err := hex.DecodeString(strings.TrimPrefix(hash, unsafeHash))
	if err != nil || len(data) != 1+8+sha256.Size {
		return false, false, fault.ErrUnavailable
	}
	again, err := h.compute(ctx, data[0], data[1:9], p)
	ok = subtle.ConstantTimeCompare([]byte(again), []byte(hash)) == 1
	return ok, ok && data[0] < h.Version, err
}

const unsafeHash = "$unsafe-for-tests$"

func (h *Hasher) compute(ctx context.Context, version byte, salt []byte, p signin.Password) (string, error) {
	if err := ctx.Err(); err != nil {
		return "", err
	}
	h.made.Add(1)
	data := append([]byte{version}, salt...)
	sum := sha256.Sum256(append(data, p.Reveal()...))
	return unsafeHash + hex.EncodeToString(append(data, sum[:]...)), nil
}
