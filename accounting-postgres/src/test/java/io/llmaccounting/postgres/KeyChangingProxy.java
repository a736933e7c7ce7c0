package io.llmaccounting.postgres;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;

/** Tells the driver another process than the one it is connected to, as poolers do. */
final class KeyChangingProxy implements AutoCloseable {
  private static final int CHUNK = 64 * 1024;
  // the message with process and key: its kind and its length
  private static final String KEY = "K\0\0\0\f";

  private final URI server;
  private final ServerSocket door;

  KeyChangingProxy(String url) throws IOException {
    this.server = URI.create(url.substring("jdbc:".length()));
    this.door = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    start(this::letIn);
  }

  /** Where the server seems to be. */
  String url() {
    return "jdbc:postgresql://127.0.0.1:" + door.getLocalPort() + server.getPath();
  }

  private static void start(Runnable work) {
    Thread thread = new Thread(work, "key-changing-proxy");
    thread.setDaemon(true);
    thread.start();
  }

  private void letIn() {
    try {
      while (true) {
        Socket driver = door.accept();
        Socket behind = new Socket(server.getHost(), server.getPort());
        start(() -> pump(driver, behind, false));
        start(() -> pump(behind, driver, true));
      }
    } catch (IOException e) {
      // The door was closed: nobody else is let in.
    }
  }

  private static void pump(Socket from, Socket to, boolean towardsDriver) {
    byte[] chunk = new byte[CHUNK];
    try {
      InputStream in = from.getInputStream();
      OutputStream out = to.getOutputStream();
      for (int read = in.read(chunk); read >= 0; read = in.read(chunk)) {
        int key =
            towardsDriver
                ? new String(chunk, 0, read, StandardCharsets.ISO_8859_1).indexOf(KEY)
                : -1;
        if (key >= 0) {
          chunk[key + 8] ^= 1;
        }
        out.write(chunk, 0, read);
        out.flush();
      }
    } catch (IOException e) {
      // One side hung up; so does the other.
    }
    hangUp(from);
    hangUp(to);
  }

  private static void hangUp(Socket socket) {
    try {
      socket.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() throws IOException {
    door.close();
  }
}
