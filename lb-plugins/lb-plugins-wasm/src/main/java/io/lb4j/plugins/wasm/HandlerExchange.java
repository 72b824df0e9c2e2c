package io.lb4j.plugins.wasm;

import io.lb4j.http.Fields;
import io.lb4j.http.RequestHead;
import io.lb4j.http.ResponseHead;
import io.lb4j.plugins.wasm.engine.GuestFault;
import io.lb4j.spi.BodyPart;
import io.lb4j.spi.Filter;
import io.lb4j.spi.FilterExchange;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.io.ByteArrayOutputStream;
import org.jspecify.annotations.Nullable;

/**
 * One exchange as a guest of http-wasm sees it: it is called once for the request, and once for the response if the request went on. A guest that may read or write bodies
 * has them whole. Confined to the exchange's event loop.
 */
final class HandlerExchange implements Filter {
    static final int BUFFER_REQUEST = 1;
    static final int BUFFER_RESPONSE = 2;

    private final HandlerGuest guest;
    private final FilterExchange exchange;
    private final Message request = new Message();
    private final Message response = new Message();
    private final ResponseHead own = new ResponseHead(); // what the guest says before there is a response

    private int features;
    private int number; // by which the guest knows the exchange
    private boolean asked; // the guest has had the request
    private boolean goesOn;
    private boolean responding; // the guest has the response
    private boolean takesBody; // that of the response
    private boolean answered;
    private boolean faulted;

    /** A body as a guest reads and writes it. */
    static final class Message {
        private byte[] body = {};
        private int read;
        private @Nullable ByteArrayOutputStream written;

        /** Returns how many octets are left to be read. */
        int left() {
            return body.length - read;
        }

        byte[] body() {
            return body;
        }

        int position() {
            return read;
        }

        void skip(int octets) {
            read += octets;
        }

        /** Writes behind what was written before, which takes the body's place. */
        void write(byte[] octets) {
            if (written == null) {
                written = new ByteArrayOutputStream();
            }
            written.writeBytes(octets);
        }

        int writtenLength() {
            return written == null ? 0 : written.size();
        }

        boolean isWritten() {
            return written != null;
        }

        byte[] writtenOctets() {
            return written == null ? new byte[0] : written.toByteArray();
        }
    }

    HandlerExchange(HandlerGuest guest, FilterExchange exchange, int features) {
        this.guest = guest;
        this.exchange = exchange;
        this.features = features;
    }

    @Override
    public Verdict onRequestHead(FilterExchange same, RequestHead head, boolean end) {
        exchange.tellOfClient(); // as for guests of proxy-wasm
        if (!end && guest.touchesBodies() && !head.isUpgrade()) {
            return Verdict.BUFFER;
        }
        ask();
        if (end && goesOn && request.isWritten() && !head.isUpgrade()) {
            exchange.giveBody(Unpooled.wrappedBuffer(request.writtenOctets()));
        }
        return Verdict.CONTINUE;
    }

    @Override
    public Verdict onRequestData(FilterExchange same, BodyPart data, boolean end) {
        if (!asked) {
            request.body = ByteBufUtil.getBytes(data.content());
            ask();
            if (request.isWritten()) {
                data.replace(Unpooled.wrappedBuffer(request.writtenOctets()));
            }
        }
        return Verdict.CONTINUE;
    }

    private void ask() {
        asked = true;
        long result;
        try {
            result = guest.request(this);
        } catch (GuestFault fault) {
            faulted = true;
            throw fault;
        }
        number = (int) (result >>> Integer.SIZE);
        goesOn = (result & 1) != 0;
        if (!goesOn) {
            answered = true;
            exchange.reply(own, Unpooled.wrappedBuffer(response.writtenOctets()));
        }
    }

    @Override
    public Verdict onResponseHead(FilterExchange same, ResponseHead head, boolean end) {
        if (!goesOn || answered || faulted) {
            return Verdict.CONTINUE;
        }
        takesBody = response.isWritten() || (guest.touchesBodies() && (features & BUFFER_RESPONSE) != 0);
        if (!end && takesBody && head.status() >= 200) {
            return Verdict.BUFFER;
        }
        respond(head);
        if (end && response.isWritten()) {
            answered = true;
            exchange.reply(head, Unpooled.wrappedBuffer(response.writtenOctets()));
        }
        return Verdict.CONTINUE;
    }

    @Override
    public Verdict onResponseData(FilterExchange same, BodyPart data, boolean end) {
        ResponseHead head = exchange.response().orElse(null);
        if (goesOn && !responding && !answered && !faulted && head != null) {
            response.body = ByteBufUtil.getBytes(data.content());
            if (response.isWritten()) {
                response.write(response.body); // it comes behind what the guest has written before
            }
            respond(head);
            if (response.isWritten()) {
                data.replace(Unpooled.wrappedBuffer(response.writtenOctets()));
            }
        }
        return Verdict.CONTINUE;
    }

    private void respond(ResponseHead head) {
        responding = true;
        head.fields().addAll(own.fields()); // what the guest said while the request was with it
        try {
            guest.response(this, number);
        } catch (GuestFault fault) {
            faulted = true;
            throw fault;
        }
    }

    @Override
    public void onEnd(FilterExchange same) {
        guest.leave();
    }

    // ---- what the guest asks for ----

    int enable(int wanted) {
        features |= wanted;
        return features;
    }

    FilterExchange exchange() {
        return exchange;
    }

    RequestHead requestHead() {
        return exchange.request();
    }

    /** Returns the head of the response: the endpoint's, or the one that the guest is about to give. */
    ResponseHead responseHead() {
        return responding ? exchange.response().orElse(own) : own;
    }

    Fields requestFields() {
        return exchange.request().fields();
    }

    boolean isResponding() {
        return responding;
    }

    /** Returns whether the guest may read and write the response's body: it has said so, or has begun one. */
    boolean takesResponseBody() {
        return takesBody;
    }

    Message request() {
        return request;
    }

    Message response() {
        return response;
    }
}
