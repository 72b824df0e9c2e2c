package io.lb4j.spi;

import io.lb4j.http.ResponseHead;

/** Hears an endpoint's response: heads, then what every {@link StreamListener} hears. */
public interface ResponseListener extends StreamListener {
    /** An informational head (100, 103 …). It is valid during the call. */
    void onInformational(ResponseHead head);

    /**
     * The head of the response.
     *
     * @param head valid, and the listener's to change, until the stream has ended
     * @param end whether the response ends with its head
     */
    void onHead(ResponseHead head, boolean end);
}
