package dev.holdfast.store;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** One message of PostgreSQL's protocol, version 3. */
final class Frame {
  static final char SYNC = 'S';
  static final char QUERY = 'Q';
  static final char PARSE = 'P';
  static final char BIND = 'B';
  static final char TERMINATE = 'X';
  static final char READY = 'Z';
  static final char AUTHENTICATION = 'R';
  static final char KEY_DATA = 'K';
  static final char IDLE = 'I';

  private static final int LENGTH_BYTES = 4;

  private final char type;
  private final byte[] body;

  /**
   * A message to be written.
   *
   * @param type its letter; 0 for the first message of a client, which has none
   * @param body what follows the length
   */
  Frame(char type, byte[] body) {
    this.type = type;
    this.body = body;
  }

  char type() {
    return type;
  }

  byte[] body() {
    return body;
  }

  static Frame first(DataInputStream in) throws IOException {
    return new Frame((char) 0, body(in));
  }

  static Frame next(DataInputStream in) throws IOException {
    return new Frame((char) in.readUnsignedByte(), body(in));
  }

  private static byte[] body(DataInputStream in) throws IOException {
    return in.readNBytes(in.readInt() - LENGTH_BYTES);
  }

  void write(OutputStream out) throws IOException {
    int typeBytes = type == 0 ? 0 : 1;
    ByteBuffer whole = ByteBuffer.allocate(typeBytes + LENGTH_BYTES + body.length);
    if (type != 0) {
      whole.put((byte) type);
    }
    out.write(whole.putInt(LENGTH_BYTES + body.length).put(body).array());
    out.flush();
  }

  /** Whether the sender waits for a {@link #READY} after it. */
  boolean endsRequest() {
    return type == SYNC || type == QUERY;
  }

  /** Whether the server says that it is in no transaction. */
  boolean isIdle() {
    return type == READY && body[0] == IDLE;
  }

  /** The zero-ended text that is the n-th of the body, from 0. */
  String text(int n) {
    int start = 0;
    for (int skipped = 0; skipped < n; skipped++) {
      start = end(start) + 1;
    }
    return new String(body, start, end(start) - start, StandardCharsets.UTF_8);
  }

  private int end(int start) {
    int end = start;
    while (body[end] != 0) {
      end++;
    }
    return end;
  }
}
