package io.llmaccounting.bench;

import java.util.List;

/**
 * How a figure changes with another.
 *
 * @param name of its file and of its row
 * @param title what is shown
 * @param across what grows from left to right
 * @param up what is read off
 * @param series one line each
 */
record Curve(String name, String title, String across, String up, List<Series> series) {
  /** One line, its points from left to right. */
  record Series(String label, List<Point> points) {}

  /** One point. */
  record Point(double x, double y) {}
}
