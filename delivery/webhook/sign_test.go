package webhook_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/superapp-go/superapp/delivery/webhook"
)

// The vector that the libraries of Standard Webhooks are tested with.
func vector() (header http.Header, body string, at time.Time) {
	header = http.Header{}
	header.Set(webhook.HeaderID, "msg_p5jXN8AQM9LWM0D4loKWxJek")
	header.Set(webhook.HeaderTimestamp, "1614265330")
	header.Set(webhook.HeaderSignature, "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=")
	return header, `{"test": 2432232314}`, time.Unix(1614265330, 0)
}

const vectorSecret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"

func TestVerify(t *testing.T) {
	t.Parallel()
	secret, err := webhook.ParseSecret(vectorSecret)
	require.NoError(t, err)
	for name, c := range map[string]struct {
		change func(h http.Header, body *string, at *time.Time)
		ok     bool
	}{
		"the vector":        {func(http.Header, *string, *time.Time) {}, true},
		"as late as may be": {func(_ http.Header, _ *string, at *time.Time) { *at = at.Add(webhook.Tolerance) }, true},
		"too late":          {func(_ http.Header, _ *string, at *time.Time) { *at = at.Add(webhook.Tolerance + time.Second) }, false},
		"too early":         {func(_ http.Header, _ *string, at *time.Time) { *at = at.Add(-webhook.Tolerance - time.Second) }, false},
		"another body":      {func(_ http.Header, body *string, _ *time.Time) { *body += " " }, false},
		"another id":        {func(h http.Header, _ *string, _ *time.Time) { h.Set(webhook.HeaderID, "msg_1") }, false},
		"another time":      {func(h http.Header, _ *string, _ *time.Time) { h.Set(webhook.HeaderTimestamp, "1614265331") }, false},
		"no time":           {func(h http.Header, _ *string, _ *time.Time) { h.Del(webhook.HeaderTimestamp) }, false},
		"no id":             {func(h http.Header, _ *string, _ *time.Time) { h.Del(webhook.HeaderID) }, false},
		"no signature":      {func(h http.Header, _ *string, _ *time.Time) { h.Del(webhook.HeaderSignature) }, false},
		"another version":   {func(h http.Header, _ *string, _ *time.Time) { edit(h, "v1,", "v2,") }, false},
		"no base64":         {func(h http.Header, _ *string, _ *time.Time) { edit(h, "v1,g", "v1,!") }, false},
		"one of several":    {func(h http.Header, _ *string, _ *time.Time) { edit(h, "v1,", "v1,bm9wZQ== v1a,x v1,") }, true},
		"more than is looked at": {func(h http.Header, _ *string, _ *time.Time) {
			edit(h, "v1,", strings.Repeat("v1,bm9wZQ== ", 400)+"v1,")
		}, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			header, body, at := vector()
			c.change(header, &body, &at)
			err := webhook.Verify(header, []byte(body), at, webhook.NewSecret(), secret)
			if c.ok {
				require.NoError(t, err)
				return
			}
			require.ErrorIs(t, err, webhook.ErrSignature)
		})
	}
	header, body, at := vector()
	require.ErrorIs(t, webhook.Verify(header, []byte(body), at), webhook.ErrSignature, "no secret")
	require.ErrorIs(t, webhook.Verify(header, []byte(body), at, webhook.Secret{}), webhook.ErrSignature, "an empty secret")
}

func edit(h http.Header, old, now string) {
	h.Set(webhook.HeaderSignature, strings.Replace(h.Get(webhook.HeaderSignature), old, now, 1))
}

func TestParseSecret(t *testing.T) {
	t.Parallel()
	s := webhook.NewSecret()
	again, err := webhook.ParseSecret(s.Reveal())
	require.NoError(t, err)
	require.Equal(t, s, again)
	for _, bad := range []string{"", "whsec_", strings.TrimPrefix(vectorSecret, "whsec_"), vectorSecret + "!", "whsec_c2hvcnQ=", "whsec_" + strings.Repeat("AAAA", 22)} {
		_, err := webhook.ParseSecret(bad)
		require.ErrorIs(t, err, webhook.ErrSecret, bad)
	}
}
