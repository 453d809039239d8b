package webhook

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/superapp-go/superapp/fault"
)

// The headers of a webhook.
const (
	HeaderID        = "Webhook-Id"
	HeaderTimestamp = "Webhook-Timestamp"
	HeaderSignature = "Webhook-Signature"
)

// ErrSecret is the error for text that is no secret, and for none or too many.
var ErrSecret = fault.Define(fault.ErrInvalid, "webhook.secret", "want 1 to 10 secrets: whsec_ and 24 to 64 bytes in base64")

// The limits of Standard Webhooks for the bytes of a secret, and our own for the
// number of them.
const (
	minSecret, maxSecret = 24, 64
	maxSecrets           = 10
	secretPrefix         = "whsec_"
)

// A Secret signs webhooks; the receiver has the same one. It prints as a mark.
type Secret struct{ key []byte }

// NewSecret returns a new secret of 32 random bytes.
func NewSecret() Secret {
	s := Secret{make([]byte, 32)}
	rand.Read(s.key)
	return s
}

// ParseSecret reads a secret as [Secret.Reveal] writes it; the error is [ErrSecret].
func ParseSecret(text string) (Secret, error) {
	coded, ok := strings.CutPrefix(text, secretPrefix)
	key, err := base64.StdEncoding.DecodeString(coded)
	if !ok || err != nil || len(key) < minSecret || len(key) > maxSecret {
		return Secret{}, ErrSecret
	}
	return Secret{key}, nil
}

// Reveal returns the secret as text, to keep it and to give it to the receiver:
// whsec_ and its bytes in base64.
func (s Secret) Reveal() string { return secretPrefix + base64.StdEncoding.EncodeToString(s.key) }

// String returns a mark that tells nothing.
func (s Secret) String() string { return secretPrefix + "..." }

// GoString returns a mark that tells nothing.
func (s Secret) GoString() string { return s.String() }

// signature returns the signature of a message in version 1.
func (s Secret) signature(id, timestamp string, body []byte) []byte {
	h := hmac.New(sha256.New, s.key)
	h.Write([]byte(id + "." + timestamp + "."))
	h.Write(body)
	return h.Sum(nil)
}

// sign sets the headers of a message.
func sign(header http.Header, secrets []Secret, id string, at time.Time, body []byte) {
	timestamp := strconv.FormatInt(at.Unix(), 10)
	var all []string
	for _, s := range secrets {
		all = append(all, "v1,"+base64.StdEncoding.EncodeToString(s.signature(id, timestamp, body)))
	}
	header.Set(HeaderID, id)
	header.Set(HeaderTimestamp, timestamp)
	header.Set(HeaderSignature, strings.Join(all, " "))
}

// Tolerance is how far the clocks of sender and receiver may be apart, as Standard
// Webhooks recommends.
const Tolerance = 5 * time.Minute

// ErrSignature is the error for a message that nobody signed who knows a secret, or
// too long ago.
var ErrSignature = fault.Define(fault.ErrDenied, "webhook.signature", "the webhook is not signed with this secret, or not lately")

// Verify is for receivers: it returns [ErrSignature] unless one of the secrets
// signed the body, by the headers of the request and within [Tolerance] of now. It
// compares in constant time. A message that verifies may still be one that came
// before: keep the webhook-id for as long as the tolerance.
func Verify(header http.Header, body []byte, now time.Time, secrets ...Secret) error {
	id, timestamp := header.Get(HeaderID), header.Get(HeaderTimestamp)
	seconds, err := strconv.ParseInt(timestamp, 10, 64)
	if err != nil || id == "" || len(header.Get(HeaderSignature)) > 4096 {
		return ErrSignature
	}
	if at := time.Unix(seconds, 0); at.Before(now.Add(-Tolerance)) || at.After(now.Add(Tolerance)) {
		return ErrSignature
	}
	// Why first: a header with many signatures must not cost as many times the body.
	var own [][]byte
	for _, s := range secrets {
		if len(s.key) > 0 {
			own = append(own, s.signature(id, timestamp, body))
		}
	}
	for given := range strings.FieldsSeq(header.Get(HeaderSignature)) {
		coded, ok := strings.CutPrefix(given, "v1,")
		signature, err := base64.StdEncoding.DecodeString(coded)
		if !ok || err != nil {
			continue
		}
		for _, want := range own {
			if hmac.Equal(signature, want) {
				return nil
			}
		}
	}
	return ErrSignature
}
