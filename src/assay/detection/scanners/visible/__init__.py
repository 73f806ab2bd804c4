"""Labels that people can see in a picture, read by OCR. A text about AI is not one of them."""
