import unittest

from harness.load import LoadFailure, parse_h2load, parse_http3, parse_wrk, percentile

WRK = """\
Running 8s test @ http://localhost:18080/1k
  1 threads and 64 connections
  Thread Stats   Avg      Stdev     Max   +/- Stdev
    Latency   425.53us    0.88ms   5.61ms   87.80%
    Req/Sec    32.58k    11.41k   48.87k    70.00%
  Latency Distribution
     50%   67.00us
     75%   95.00us
     90%    1.64ms
     99%    1.29s 
  32450 requests in 8.01s, 4.70MB read
{extra}Requests/sec:  32151.28
Transfer/sec:      4.66MB
"""
H2LOAD = """\
Application protocol: {protocol}

finished in 500.00ms, 38262.00 req/s, 2.77MB/s
requests: 5 total, 6 started, 4 done, {succeeded} succeeded, {failed} failed, 0 errored, 0 timeout
"""
H2LOAD_LOG = "1795387505676517\t200\t4500\n1795387505676564\t200\t1000\n1\t200\t3000\n1\t200\t2000\n"


class WrkOutput(unittest.TestCase):
    def test_yields_counts_and_latencies_in_one_unit(self):
        result = parse_wrk(WRK.format(extra=""))
        self.assertEqual((result.requests, result.seconds), (32450, 8.01))
        self.assertEqual((result.p50_millis, result.p99_millis), (0.067, 1290.0))

    def test_is_refused_with_a_socket_error(self):
        with self.assertRaisesRegex(LoadFailure, "Socket errors: connect 0, read 3"):
            parse_wrk(WRK.format(extra="  Socket errors: connect 0, read 3, write 0, timeout 0\n"))

    def test_is_refused_with_a_response_that_is_no_success(self):
        with self.assertRaisesRegex(LoadFailure, "Non-2xx or 3xx responses: 7"):
            parse_wrk(WRK.format(extra="  Non-2xx or 3xx responses: 7\n"))


class H2loadOutput(unittest.TestCase):
    def test_yields_counts_and_the_latencies_of_its_log(self):
        result = parse_h2load(H2LOAD.format(protocol="h2", succeeded=4, failed=0), H2LOAD_LOG)
        self.assertEqual((result.requests, result.seconds), (4, 0.5))
        self.assertEqual((result.p50_millis, result.p99_millis), (2.0, 4.5))

    def test_is_refused_with_a_failed_request(self):
        with self.assertRaisesRegex(LoadFailure, "3 succeeded, 1 failed"):
            parse_h2load(H2LOAD.format(protocol="h2", succeeded=3, failed=1), H2LOAD_LOG)

    def test_is_refused_when_it_fell_back_to_http1(self):
        with self.assertRaisesRegex(LoadFailure, "not HTTP/2"):
            parse_h2load(H2LOAD.format(protocol="http/1.1", succeeded=4, failed=0), H2LOAD_LOG)

    def test_is_refused_without_a_log(self):
        with self.assertRaisesRegex(LoadFailure, "no request in its log"):
            parse_h2load(H2LOAD.format(protocol="h2", succeeded=4, failed=0), "")


class Http3Output(unittest.TestCase):
    def test_yields_counts_and_latencies(self):
        result = parse_http3("4000 answers in 8.001 s, p50 1.250 ms, p99 9.500 ms, failures: 0\n")
        self.assertEqual((result.requests, result.seconds), (4000, 8.001))
        self.assertEqual((result.p50_millis, result.p99_millis), (1.25, 9.5))

    def test_is_refused_with_a_failed_request(self):
        with self.assertRaisesRegex(LoadFailure, "failures: 3"):
            parse_http3("4000 answers in 8.001 s, p50 1.250 ms, p99 9.500 ms, failures: 3\n")

    def test_is_refused_without_an_answer(self):
        with self.assertRaisesRegex(LoadFailure, "requests: 0"):
            parse_http3("0 answers in 8.001 s, p50 0.000 ms, p99 0.000 ms, failures: 0\n")


class Percentile(unittest.TestCase):
    def test_is_the_nearest_rank(self):
        hundred = list(range(1, 101))
        self.assertEqual([percentile(hundred, share) for share in (0.5, 0.99, 1.0)], [50, 99, 100])

    def test_of_one_value_is_that_value(self):
        self.assertEqual(percentile([7], 0.99), 7)
