package io.llmaccounting.providers.request;

import java.util.List;

/** Bodies that are multipart forms. */
final class FormGolden {
  static final List<GoldenRequest> ALL =
      List.of(
          // https://platform.openai.com/docs/api-reference/audio/createTranscription
          GoldenRequest.of(
              "OpenAI transcription",
              "https://api.openai.com/v1/audio/transcriptions",
              form(
                  """
                  --X-1
                  Content-Disposition: form-data; name="file"; filename="a \\r\\n--X-1.mp3"
                  Content-Type: audio/mpeg

                  ID3 \r\r\n--X-\r\n--X
                  --X-1
                  Content-Disposition: form-data; name="model"

                  gpt-4o-transcribe
                  --X-1
                  content-disposition: form-data; name=prompt

                  Names: Zoë
                  --X-1
                  Content-Disposition: form-data; name="timestamp_granularities[]"

                  word
                  --X-1
                  Content-Disposition: form-data; name="temperature"

                  0.2
                  --X-1
                  Content-Disposition: form-data; name="response_format"

                  verbose_json
                  --X-1
                  Content-Disposition: form-data; name="stream"

                  true
                  --X-1--
                  """),
              "OPENAI_AUDIO provider=openai model=gpt-4o-transcribe operation=transcription"
                  + " streamed=true characters=10 audio=1 format=verbose_json temperature=0.2"),
          // https://platform.openai.com/docs/api-reference/images/createEdit
          GoldenRequest.of(
              "OpenAI image edit, no path",
              "",
              form(
                  """
                  --b
                  Content-Disposition: form-data; name="model"

                  gpt-image-1
                  --b
                  Content-Disposition: form-data; name="image[]"; filename="a.png"
                  Content-Type: image/png

                  PNG1
                  --b
                  Content-Disposition: form-data; name="image[]"; filename="b.png"

                  PNG2
                  --b
                  Content-Disposition: form-data; name="prompt"

                  A basket
                  --b
                  Content-Disposition: form-data; name="n"

                  2
                  --b
                  Content-Disposition: form-data; name="user"


                  --b--
                  """),
              "OPENAI_IMAGES model=gpt-image-1 operation=image_generation choices=2 characters=8"
                  + " images=2 messages=1"));

  private FormGolden() {}

  private static String form(String lines) {
    return lines.replace("\r\n", "\n").replace("\n", "\r\n");
  }
}
