# Sends each request of its arguments and prints the status and the nonce count (nc) of each. The digest of
# LWP::UserAgent writes nc in capitals from the tenth use of a nonce on.
use strict;
use LWP::UserAgent;
use HTTP::Request;
my ($base, $path, $user, $password, @requests) = @ARGV;
my $agent = LWP::UserAgent->new(keep_alive => 1, timeout => 20);
$agent->credentials($base =~ s{^http://}{}r, "MMS Public API", $user, $password);
while (my ($method, $body) = splice(@requests, 0, 2)) {
	my $request = HTTP::Request->new($method, $base . $path, [
		Accept => "application/vnd.atlas.2023-01-01+json", "Content-Type" => "application/json"]);
	$request->content($body) if length $body;
	my $response = $agent->request($request);
	my ($nc) = ($response->request->header("Authorization") // "") =~ /nc=(\w+)/;
	print $response->code, " ", $nc // "", "\n";
}
