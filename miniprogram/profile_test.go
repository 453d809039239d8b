package miniprogram_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"hash/crc32"
	"image"
	"image/jpeg"
	"image/png"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/superapp-go/superapp"
	"github.com/superapp-go/superapp/internal/testkit"
	"github.com/superapp-go/superapp/miniprogram"
	"github.com/superapp-go/superapp/rbac"
	"github.com/superapp-go/superapp/superapptest"
)

// TestSetProfile: what is given, what is stored, what is refused (P1).
func TestSetProfile(t *testing.T) {
	t.Parallel()
	k := superapptest.New(t, nil)
	admin := k.As(rbac.DeveloperAdmin)
	h5, err := k.MiniPrograms.Create(t.Context(), admin, miniprogram.Create{Workspace: k.Merchant, Type: miniprogram.H5, Language: "en", Name: "Web Shop"})
	require.NoError(t, err)
	type edit = miniprogram.ProfileEdit
	contact := func(kind, value string) edit {
		return edit{Contacts: []miniprogram.Contact{{Kind: kind, Value: value}}}
	}
	for name, tt := range map[string]struct {
		in, out edit
		want    []string
	}{
		"everything": {
			edit{
				Category: " Food ", Regions: []string{"sg", "MYS", "840", "SG"}, Entrance: "https://Shop.Example.com:443/a?b=c#d",
				Contacts: []miniprogram.Contact{{Kind: "email", Value: "Help@Coffee.example"}, {Kind: "phone", Value: "+65 6123 4567"}, {Kind: "email", Value: "help@coffee.example"}},
			},
			edit{
				Category: "Food", Regions: []string{"MY", "SG", "US"}, Entrance: "https://shop.example.com/a?b=c#d",
				Contacts: []miniprogram.Contact{{Kind: "email", Value: "help@coffee.example"}, {Kind: "phone", Value: "+65 6123 4567"}},
			}, nil,
		},
		"nothing":              {edit{}, edit{}, nil},
		"a long category":      {edit{Category: strings.Repeat("店", 33)}, edit{}, []string{"category too_long"}},
		"no country":           {edit{Regions: []string{"ZZ", "419", "Singapore", "", "001"}}, edit{}, []string{"regions[0] unknown", "regions[1] unknown", "regions[2] unknown", "regions[3] unknown", "regions[4] unknown"}},
		"many regions":         {edit{Regions: make([]string, 301)}, edit{}, []string{"regions too_long"}},
		"many contacts":        {edit{Contacts: make([]miniprogram.Contact, 6)}, edit{}, []string{"contacts too_long"}},
		"an unknown kind":      {contact("fax", "1"), edit{}, []string{"contacts[0].kind unknown"}},
		"no address":           {contact("email", "help"), edit{}, []string{"contacts[0].value malformed"}},
		"no number":            {contact("phone", "call me"), edit{}, []string{"contacts[0].value malformed"}},
		"a short number":       {contact("phone", "11"), edit{}, []string{"contacts[0].value malformed"}},
		"no page":              {contact("url", "http://coffee.example"), edit{}, []string{"contacts[0].value malformed"}},
		"an entrance by http":  {edit{Entrance: "http://shop.example.com"}, edit{}, []string{"entrance malformed"}},
		"a script":             {edit{Entrance: "javascript:alert(1)"}, edit{}, []string{"entrance malformed"}},
		"an entrance with IP":  {edit{Entrance: "https://127.0.0.1/"}, edit{}, []string{"entrance not_allowed"}},
		"an entrance with a *": {edit{Entrance: "https://*.example.com/"}, edit{}, []string{"entrance not_allowed"}},
		"a user":               {edit{Entrance: "https://ada@shop.example.com/"}, edit{}, []string{"entrance malformed"}},
		"a long entrance":      {edit{Entrance: "https://shop.example.com/" + strings.Repeat("a", 2048)}, edit{}, []string{"entrance too_long"}},
	} {
		out, err := k.MiniPrograms.SetProfile(t.Context(), admin, h5.ID, tt.in)
		if tt.want != nil {
			require.Equal(t, tt.want, problems(t, err), name)
			continue
		}
		require.NoError(t, err, name)
		require.Equal(t, tt.out, out, name)
		p, err := k.MiniPrograms.Page(t.Context(), admin, h5.ID)
		require.NoError(t, err)
		require.Equal(t, tt.out, edit{p.Profile.Category, p.Profile.Regions, p.Profile.Contacts, p.Profile.Entrance}, name)
	}
	_, err = k.MiniPrograms.SetProfile(t.Context(), admin, k.Shop, edit{Category: strings.Repeat("x", 65), Entrance: "https://shop.example.com/"})
	require.Equal(t, []string{"category too_long", "entrance not_allowed"}, problems(t, err), "all at once; dsl has none")
	testkit.SetStatus(t, k, h5.ID, miniprogram.Archived)
	_, err = k.MiniPrograms.SetProfile(t.Context(), admin, h5.ID, edit{})
	require.ErrorIs(t, err, miniprogram.ErrArchived)
}

// picture draws a PNG, or with a quality a JPEG.
func picture(t *testing.T, width, height, quality int) []byte {
	t.Helper()
	var b bytes.Buffer
	img := image.NewRGBA(image.Rect(0, 0, width, height))
	if quality > 0 {
		require.NoError(t, jpeg.Encode(&b, img, &jpeg.Options{Quality: quality}))
	} else {
		require.NoError(t, png.Encode(&b, img))
	}
	return b.Bytes()
}

// bomb is the beginning of a PNG that claims a size.
func bomb(side uint32) []byte {
	ihdr := append([]byte("IHDR"), make([]byte, 13)...)
	binary.BigEndian.PutUint32(ihdr[4:], side)
	binary.BigEndian.PutUint32(ihdr[8:], side)
	ihdr[12], ihdr[13] = 8, 6
	b := append([]byte("\x89PNG\r\n\x1a\n\x00\x00\x00\x0d"), ihdr...)
	return binary.BigEndian.AppendUint32(b, crc32.ChecksumIEEE(ihdr))
}

// TestLogo: a logo is checked by its bytes (P1).
func TestLogo(t *testing.T) {
	t.Parallel()
	testkit.OnStores(t, superapptest.Options{}, func(t *testing.T, k *superapptest.Kit) {
		admin, s := k.As(rbac.DeveloperAdmin), k.MiniPrograms
		good := picture(t, 64, 64, 0)
		for name, tt := range map[string]struct {
			data []byte
			want []string
			says string
		}{
			"nothing":          {nil, []string{"logo required"}, "PNG or JPEG"},
			"a GIF":            {[]byte("GIF89a......"), []string{"logo not_allowed"}, "got GIF"},
			"an SVG":           {[]byte("<svg/>"), []string{"logo not_allowed"}, "got SVG"},
			"a text":           {[]byte("logo.png"), []string{"logo not_allowed"}, "got another format"},
			"not square":       {picture(t, 64, 32, 90), []string{"logo not_allowed"}, "got 64 by 32 pixels"},
			"wide and long":    {picture(t, 1025, 8, 0), []string{"logo not_allowed", "logo too_long"}, "got 1025"},
			"one pixel over":   {picture(t, 1025, 1025, 0), []string{"logo too_long"}, "want at most 1024 pixels a side, got 1025"},
			"a bomb":           {bomb(1 << 14), []string{"logo too_long"}, "got 16384"},
			"the magic alone":  {good[:8], []string{"logo malformed"}, "png"},
			"cut off":          {good[:len(good)-20], []string{"logo malformed"}, "damaged or cut off"},
			"a byte too large": {append(bytes.Clone(good), make([]byte, 256<<10+1-len(good))...), []string{"logo too_long"}, "want at most 262144 bytes, got 262145"},
		} {
			_, err := s.SetLogo(t.Context(), admin, k.Shop, tt.data)
			require.Equal(t, tt.want, problems(t, err), name)
			require.ErrorContains(t, err, tt.says, name)
		}
		_, _, err := s.Logo(t.Context(), admin, k.Shop)
		require.ErrorIs(t, err, miniprogram.ErrNoLogo)
		require.ErrorIs(t, s.DeleteLogo(t.Context(), admin, k.Shop), miniprogram.ErrNoLogo)

		full := append(bytes.Clone(good), make([]byte, 256<<10-len(good))...)
		for _, data := range [][]byte{good, picture(t, 1024, 1024, 50), full, good} {
			set, err := s.SetLogo(t.Context(), admin, k.Shop, data)
			require.NoError(t, err)
			require.Equal(t, len(data), set.Size)
			require.Equal(t, sha256.Sum256(data), set.SHA256)
			got, known, err := s.Logo(t.Context(), k.As(rbac.Developer), k.Shop)
			require.NoError(t, err)
			require.Equal(t, data, got)
			require.Equal(t, set, known)
		}
		before := len(trail(t, k, k.Merchant))
		_, err = s.SetLogo(t.Context(), admin, k.Shop, good)
		require.NoError(t, err)
		require.Len(t, trail(t, k, k.Merchant), before, "the same again changes nothing")
		require.NoError(t, s.DeleteLogo(t.Context(), admin, k.Shop))
		_, _, err = s.Logo(t.Context(), admin, k.Shop)
		require.ErrorIs(t, err, miniprogram.ErrNoLogo)
	})
}

// TestConfigure: the configuration is stored normalised, and audited with before
// and after; testers are personal data (P6).
func TestConfigure(t *testing.T) {
	t.Parallel()
	testkit.OnStores(t, superapptest.Options{}, func(t *testing.T, k *superapptest.Kit) {
		admin, s := k.As(rbac.DeveloperAdmin), k.MiniPrograms
		first, err := s.Configure(t.Context(), admin, k.Shop, miniprogram.Configuration{
			ClientID: " c-1 ", MerchantID: "m-1",
			Servers:  []string{"wss://Push.example.com", "https://api.example.com", "API.example.com"},
			WebViews: []string{"*.example.com"},
			Testers:  []string{"Dee@Example.com", "ada@example.com", "dee@example.com"},
		})
		require.NoError(t, err)
		require.Equal(t, miniprogram.Configuration{
			ClientID: "c-1", MerchantID: "m-1", Servers: []string{"api.example.com", "wss://push.example.com"},
			WebViews: []string{"*.example.com"}, Testers: []string{"ada@example.com", "dee@example.com"},
		}, first)
		got, err := s.Configuration(t.Context(), k.As(rbac.WorkspaceAdmin), k.Shop)
		require.NoError(t, err)
		require.Equal(t, first, got)
		_, err = s.Configuration(t.Context(), k.As(rbac.Developer), k.Shop)
		require.ErrorIs(t, err, rbac.ErrDenied)
		_, err = s.Configure(t.Context(), k.As(rbac.WorkspaceAdmin), k.Shop, first)
		require.ErrorIs(t, err, rbac.ErrDenied)

		_, err = s.Configure(t.Context(), admin, k.Shop, miniprogram.Configuration{ClientID: "c-1", Testers: []string{"bo@example.com"}})
		require.NoError(t, err)
		events := trail(t, k, k.Merchant)
		last := events[len(events)-1]
		require.Equal(t, miniprogram.EventConfigured, last.Verb)
		data, err := last.DecodeData()
		require.NoError(t, err)
		personal, err := last.DecodePersonal()
		require.NoError(t, err)
		var was miniprogram.ConfigurationSnapshot
		var before, after miniprogram.ConfigurationPersonal
		require.NoError(t, json.Unmarshal(data.Before, &was))
		require.NoError(t, json.Unmarshal(personal.Before, &before))
		require.NoError(t, json.Unmarshal(personal.After, &after))
		require.Equal(t, first.Servers, was.Servers)
		require.Equal(t, [2][]string{first.Testers, {"bo@example.com"}}, [2][]string{before.Testers, after.Testers})

		_, err = s.Configure(t.Context(), admin, k.Shop, miniprogram.Configuration{
			ClientID: strings.Repeat("x", 129), Servers: []string{"10.0.0.1", "ok.example.com", "a.*.example.com"},
			WebViews: []string{"wss://push.example.com", "x.example.com:8080"}, Testers: []string{"nobody"},
		})
		require.Equal(t, []string{
			"client_id too_long", "servers[0] not_allowed", "servers[2] not_allowed", "web_views[0] not_allowed", "web_views[1] not_allowed", "testers[0] malformed",
		}, problems(t, err))
	})
}

// TestTesters: at most 100, as the limits say; ports as the options say.
func TestTesters(t *testing.T) {
	t.Parallel()
	k := superapptest.New(t, &superapptest.Options{Platform: superapp.Options{MiniPrograms: &miniprogram.Options{DomainPorts: true}}})
	var testers []string
	for i := range 101 {
		testers = append(testers, fmt.Sprintf("tester%d@example.com", i))
	}
	set := func(n int) error {
		_, err := k.MiniPrograms.Configure(t.Context(), superapptest.System, k.Shop, miniprogram.Configuration{
			Testers: testers[:n], WebViews: []string{"x.example.com:8080"},
		})
		return err
	}
	require.NoError(t, set(100))
	require.Equal(t, []string{"testers too_long"}, problems(t, set(101)))
}
