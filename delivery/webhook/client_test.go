package webhook

import (
	"net/netip"
	"testing"

	"github.com/stretchr/testify/require"
)

// Whatever leads to this machine or its network in the end is none of the internet's.
func TestPublicAddresses(t *testing.T) {
	t.Parallel()
	for address, want := range map[string]bool{
		"8.8.8.8": true, "2606:4700:4700::1111": true, "::ffff:8.8.8.8": true, "240e::1": true, "172.32.0.1": true,
		"127.0.0.1": false, "127.255.255.254": false, "0.0.0.0": false, "0.1.2.3": false, "10.1.2.3": false, "172.16.0.1": false, "192.168.0.1": false,
		"169.254.169.254": false, "100.64.0.1": false, "192.0.0.1": false, "198.18.0.1": false, "224.0.0.1": false, "255.255.255.255": false, "240.0.0.1": false,
		"::": false, "::1": false, "fe80::1": false, "fe80::1%eth0": false, "fd00:ec2::254": false, "fec0::1": false, "ff02::1": false,
		"::ffff:127.0.0.1": false, "::ffff:169.254.169.254": false, "::127.0.0.1": false, "::ffff:0:127.0.0.1": false, // mapped, compatible, translated
		"64:ff9b::7f00:1": false, "64:ff9b:1::7f00:1": false, "2002:7f00:1::": false, "2001:0:7f00:1::1": false, // NAT64, 6to4, Teredo
		"2001:db8::1": false, "3fff::1": false, "100::1": false, "5f00::1": false, "4000::1": false,
	} {
		require.Equal(t, want, public(netip.MustParseAddr(address)), address)
	}
	require.False(t, public(netip.Addr{}))
}
