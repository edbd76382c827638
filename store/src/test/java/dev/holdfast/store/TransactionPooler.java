package dev.holdfast.store;

import java.io.Closeable;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;

/**
 * A pooler in transaction mode: many clients share few connections to a server, and each of their
 * transactions gets any of them. What a client leaves on a connection meets the next one.
 */
final class TransactionPooler implements AutoCloseable {
  private static final int PROTOCOL = 3 << 16;
  private static final int WAIT_SECONDS = 30;

  /** A connection to the server, and what it said of itself. */
  private record Backend(Socket socket, DataInputStream in, List<Frame> greeting) {}

  private final ServerSocket listening;
  private final int serverPort;
  private final String database;
  private final BlockingQueue<Backend> free = new LinkedBlockingQueue<>();
  private final Set<Closeable> open = ConcurrentHashMap.newKeySet();
  private final LongAdder switches = new LongAdder();
  private final List<Frame> greeting;

  TransactionPooler(int serverPort, String database, int connections) throws IOException {
    this.serverPort = serverPort;
    this.database = database;
    for (int i = 0; i < connections; i++) {
      free.add(connect());
    }
    this.greeting = free.peek().greeting();
    this.listening = new ServerSocket(0, 0, InetAddress.getLoopbackAddress());
    Thread.ofVirtual().name("pooler").start(this::accept);
  }

  String url() {
    return ("jdbc:postgresql://localhost:%d/%s?user=postgres&sslmode=disable&gssEncMode=disable"
            + "&prepareThreshold=0")
        .formatted(listening.getLocalPort(), database);
  }

  /** How often a client got another connection than it had in its transaction before. */
  long switches() {
    return switches.sum();
  }

  /** What each connection answers, one text each, while no client has it. */
  List<String> askEach(String sql) throws IOException {
    var backends = new ArrayList<Backend>();
    free.drainTo(backends);
    var answers = new ArrayList<String>();
    for (Backend backend : backends) {
      answers.add(ask(backend, sql));
    }
    free.addAll(backends);
    return answers;
  }

  private static String ask(Backend backend, String sql) throws IOException {
    byte[] text = (sql + "\0").getBytes(StandardCharsets.UTF_8);
    new Frame(Frame.QUERY, text).write(backend.socket().getOutputStream());
    String answer = "";
    for (Frame frame = Frame.next(backend.in());
        frame.type() != Frame.READY;
        frame = Frame.next(backend.in())) {
      if (frame.type() == 'D') {
        ByteBuffer row = ByteBuffer.wrap(frame.body());
        row.getShort();
        int length = row.getInt();
        answer = new String(frame.body(), row.position(), length, StandardCharsets.UTF_8);
      }
    }
    return answer;
  }

  private Backend connect() throws IOException {
    var socket = new Socket(InetAddress.getLoopbackAddress(), serverPort);
    socket.setTcpNoDelay(true);
    open.add(socket);
    String settings = "user\0postgres\0database\0" + database + "\0client_encoding\0UTF8\0\0";
    byte[] text = settings.getBytes(StandardCharsets.UTF_8);
    ByteBuffer body = ByteBuffer.allocate(4 + text.length).putInt(PROTOCOL).put(text);
    new Frame((char) 0, body.array()).write(socket.getOutputStream());
    var in = new DataInputStream(socket.getInputStream());
    var said = new ArrayList<Frame>();
    for (Frame frame = Frame.next(in); frame.type() != Frame.READY; frame = Frame.next(in)) {
      if (frame.type() != Frame.KEY_DATA) {
        said.add(frame);
      }
    }
    return new Backend(socket, in, List.copyOf(said));
  }

  private void accept() {
    try {
      while (true) {
        Socket client = listening.accept();
        open.add(client);
        Thread.ofVirtual().name("pooled").start(() -> serve(client));
      }
    } catch (IOException closed) {
      open.forEach(TransactionPooler::close);
    }
  }

  private void serve(Socket client) {
    try (client) {
      client.setTcpNoDelay(true);
      var in = new DataInputStream(client.getInputStream());
      Frame.first(in);
      for (Frame said : greeting) {
        said.write(client.getOutputStream());
      }
      // A key of its own, as a pooler gives: it is no connection's number at the server.
      new Frame(Frame.KEY_DATA, new byte[] {0, 0, 0, 1, 0, 0, 0, 2})
          .write(client.getOutputStream());
      new Frame(Frame.READY, new byte[] {Frame.IDLE}).write(client.getOutputStream());
      Backend last = null;
      for (Frame next = Frame.next(in); next.type() != Frame.TERMINATE; next = Frame.next(in)) {
        Backend taken = taken();
        if (last != null && !last.socket().equals(taken.socket())) {
          switches.increment();
        }
        last = taken;
        transaction(client, in, taken, next);
      }
    } catch (IOException | InterruptedException gone) {
      close(client);
    } finally {
      open.remove(client);
    }
  }

  private Backend taken() throws IOException, InterruptedException {
    Backend taken = free.poll(WAIT_SECONDS, TimeUnit.SECONDS);
    if (taken == null) {
      throw new IOException("no connection was free for " + WAIT_SECONDS + " s");
    }
    return taken;
  }

  /** Passes requests and answers on until the server is in no transaction any more. */
  private void transaction(Socket client, DataInputStream in, Backend backend, Frame first)
      throws IOException {
    boolean isOver = false;
    try {
      Frame request = first;
      while (!isOver) {
        request.write(backend.socket().getOutputStream());
        isOver = request.endsRequest() && answered(client, backend);
        request = isOver ? request : Frame.next(in);
      }
    } finally {
      if (isOver) {
        free.add(backend);
      } else {
        close(backend.socket());
        open.remove(backend.socket());
        free.add(connect());
      }
    }
  }

  /** Whether the answer ends the transaction. */
  private static boolean answered(Socket client, Backend backend) throws IOException {
    while (true) {
      Frame answer = Frame.next(backend.in());
      answer.write(client.getOutputStream());
      if (answer.type() == Frame.READY) {
        return answer.isIdle();
      }
    }
  }

  private static void close(Closeable one) {
    try {
      one.close();
    } catch (IOException gone) {
      throw new IllegalStateException(gone);
    }
  }

  @Override
  public void close() {
    close(listening);
    open.forEach(TransactionPooler::close);
  }
}
